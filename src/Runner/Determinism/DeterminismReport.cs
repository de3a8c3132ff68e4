using System.Globalization;
using Osteon.Torch;

namespace Osteon.Runner;

/// <summary>How often one network's training step came out the same.</summary>
/// <param name="Model">Its name in the plan.</param>
/// <param name="Runs">Times the step was taken.</param>
/// <param name="Operators">What it is made of.</param>
/// <param name="Culprits">What differed; empty when nothing did.</param>
/// <param name="Refused">libtorch's words for an operator it has no repeatable algorithm for, which ended the step; else null.</param>
public sealed record DeterminismReport(string Model, int Runs, IReadOnlyList<OperatorBits> Operators, IReadOnlyList<Culprit> Culprits, string? Refused)
{
    /// <summary>Whether all runs agree to the bit.</summary>
    public bool Repeats => Refused is null && Culprits.Count == 0;

    /// <summary>Takes the step several times.</summary>
    /// <param name="model">What to call it.</param>
    /// <param name="step">Takes it; <see cref="TrainingStep{TNetwork}.Run"/>.</param>
    /// <param name="runs">How often, from 2.</param>
    public static DeterminismReport Of(string model, Func<StepBits> step, int runs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 2);
        var bits = new List<StepBits>();
        try
        {
            for (var run = 0; run < runs; run++)
            {
                bits.Add(step());
            }
        }
        catch (TorchException e) when (e.Message.Contains("does not have a deterministic implementation", StringComparison.Ordinal))
        {
            return new DeterminismReport(model, runs, bits.FirstOrDefault()?.Operators ?? [], [], e.Message.Split(". ")[0]);
        }

        return new DeterminismReport(model, runs, bits[0].Operators, StepComparison.Culprits(bits), null);
    }

    /// <summary>A table of operators, and a line for each that does not repeat itself.</summary>
    public IEnumerable<string> Lines()
    {
        var groups = Operators.GroupBy(call => call.Operator).OrderBy(group => group.Key, StringComparer.Ordinal).ToArray();
        var width = Math.Max("operator".Length, groups.Select(group => group.Key.Length).DefaultIfEmpty(0).Max());
        yield return $"{Model}: {Runs} runs of one training step";
        yield return $"  {"operator".PadRight(width)}  calls  values   gradient  on a GPU";
        foreach (var group in groups)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"  {group.Key.PadRight(width)}  {group.Count(),5}  {State(group.Key, Direction.Forward),-7}  {State(group.Key, Direction.Backward),-8}  {OnGpu(group.Key)}");
        }

        foreach (var culprit in Culprits)
        {
            yield return $"  {culprit.Operator}: {(culprit.Direction == Direction.Forward ? "values differ" : "the gradient differs")} {culprit.Where}";
        }

        if (Refused is not null)
        {
            yield return $"  {Refused}";
        }

        yield return $"  {(Repeats ? "every bit is the same" : "NOT the same")}";
    }

    private string State(string op, Direction direction) =>
        Culprits.Any(culprit => culprit.Direction == direction && culprit.Operator.Split(" or ").Contains(op)) ? "DIFFERS" : "same";

    private static string OnGpu(string op) => NondeterministicOperators.Of(op) switch
    {
        Repeatability.Routed => "gradient of our own",
        Repeatability.Refused => "refused",
        _ => "repeats",
    };
}
