using Osteon.Torch;

namespace Osteon.Runner;

/// <summary>Finds the operators that made the same step come out differently.</summary>
public static class StepComparison
{
    /// <summary>A line for each culprit; empty when all runs agree to the bit.</summary>
    /// <remarks>
    /// A call is one when what it read agrees and what it made does not. A backward pass is one when the gradients that came
    /// in and all it computed with agree and one that went out does not. What merely passes a difference on is not named.
    /// </remarks>
    public static IReadOnlyList<Culprit> Culprits(IReadOnlyList<StepBits> runs)
    {
        var found = new List<Culprit>();
        foreach (var other in runs.Skip(1))
        {
            found.AddRange(OtherPath(runs[0], other) is { } path ? [path] : [.. Forward(runs[0], other), .. Backward(runs[0], other)]);
            if (found.Count == 0 && !runs[0].Weights.SequenceEqual(other.Weights))
            {
                var names = runs[0].Weights.Zip(other.Weights).Where(pair => pair.First != pair.Second).Select(pair => pair.First.Name);
                found.Add(new Culprit("none that was recorded", -1, Direction.Forward, $"weights differ all the same: {string.Join(", ", names)}"));
            }
        }

        return [.. found.DistinctBy(culprit => (culprit.Call, culprit.Direction)).OrderBy(culprit => culprit.Call)];
    }

    private static Culprit? OtherPath(StepBits one, StepBits other)
    {
        for (var call = 0; call < Math.Max(one.Operators.Count, other.Operators.Count); call++)
        {
            var (first, second) = (one.Operators.ElementAtOrDefault(call), other.Operators.ElementAtOrDefault(call));
            if (first?.Operator != second?.Operator)
            {
                return new Culprit(first?.Operator ?? second!.Operator, call, Direction.Forward,
                    $"after {(first ?? second)!.Place}: one run calls {first?.Operator ?? "nothing more"} here, another {second?.Operator ?? "nothing more"}");
            }
        }

        return null;
    }

    private static IEnumerable<Culprit> Forward(StepBits one, StepBits other)
    {
        for (var call = 0; call < one.Operators.Count; call++)
        {
            var (first, second) = (one.Operators[call], other.Operators[call]);
            if (SameRead(first, second) && !first.Made.SequenceEqual(second.Made))
            {
                var given = first.Arguments == second.Arguments ? first.Arguments : $"{first.Arguments}, in another run {second.Arguments}";
                yield return new Culprit(first.Operator, call, Direction.Forward, $"at {first.Place}, given {given}");
            }
        }
    }

    private static bool SameRead(OperatorBits one, OperatorBits other) => one.Read.SequenceEqual(other.Read);

    private static bool SameValues(OperatorBits one, OperatorBits other) => SameRead(one, other) && one.Made.SequenceEqual(other.Made);

    private static IEnumerable<Culprit> Backward(StepBits one, StepBits other)
    {
        bool Differs(int value) => one.Gradients.ElementAtOrDefault(value) != other.Gradients.ElementAtOrDefault(value);
        for (var value = 0; value < one.Gradients.Count; value++)
        {
            if (!Differs(value))
            {
                continue;
            }

            // A call that only changed the value in place lies behind the gradient that was seen.
            var readers = Enumerable.Range(0, one.Operators.Count)
                .Where(call => one.Operators[call].Inputs.Contains(value) && !one.Operators[call].Outputs.Contains(value))
                .Where(call => one.Operators[call].Outputs.Any(made => one.Gradients.ElementAtOrDefault(made) is not null)).ToArray();
            if (readers.Length > 0 && readers.All(call => SameValues(one.Operators[call], other.Operators[call])) && !readers.SelectMany(call => one.Operators[call].Outputs).Any(Differs))
            {
                var names = string.Join(" or ", readers.Select(call => one.Operators[call].Operator).Distinct());
                var last = one.Operators[readers[^1]];
                yield return new Culprit(names, readers[^1], Direction.Backward, $"at {last.Place}, given {last.Arguments}");
            }
        }
    }
}

/// <summary>Which way a call went wrong.</summary>
public enum Direction
{
    /// <summary>What it computed differs.</summary>
    Forward,

    /// <summary>The gradient it passed back differs.</summary>
    Backward,
}

/// <summary>An operator that does not repeat itself.</summary>
/// <param name="Operator">Its name; several, where they share the value whose gradient differs.</param>
/// <param name="Call">Its place among all calls of the step, from 0.</param>
/// <param name="Direction">Which way.</param>
/// <param name="Where">The parameter used last, and what it was given.</param>
public sealed record Culprit(string Operator, int Call, Direction Direction, string Where);
