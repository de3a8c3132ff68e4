using System.Globalization;

namespace Osteon.Inference;

/// <summary>What a step did to validation cases, for a class or for several that it looks at together.</summary>
/// <param name="Step">Its place in the list, from 0.</param>
/// <param name="Name">The post-processor.</param>
/// <param name="Classes">The class, or those looked at together.</param>
/// <param name="Auto">True when it was for validation to choose.</param>
/// <param name="Applied">True when it is applied.</param>
/// <param name="Without">Mean Dice of the validation cases before the step.</param>
/// <param name="With">The same with it.</param>
/// <param name="Nested">What it gains where each group decides by the others whether it is applied: what to expect of new cases.</param>
/// <param name="Error">Standard error of that over cases.</param>
public sealed record PostProcessTrial(int Step, string Name, IReadOnlyList<string> Classes, bool Auto, bool Applied, double Without, double With, double Nested, double Error);

/// <summary>Which steps are applied to which classes, as validation cases decided it.</summary>
/// <param name="Cases">The validation cases, by id.</param>
/// <param name="Before">Their mean Dice before post-processing: over cases, then over classes.</param>
/// <param name="After">Their mean Dice with what is applied.</param>
/// <param name="Trials">Step by step, class by class.</param>
public sealed record PostProcessChoice(IReadOnlyList<string> Cases, double Before, double After, IReadOnlyList<PostProcessTrial> Trials)
{
    /// <summary>The nested gains of what was chosen, together.</summary>
    public double Nested => Trials.Where(t => t is { Auto: true, Applied: true }).Sum(t => t.Nested);

    /// <summary>One line for people.</summary>
    public override string ToString()
    {
        var steps = Trials.GroupBy(t => (t.Step, t.Name)).Select(step =>
        {
            var (all, applied) = (step.Count(), step.Where(t => t.Applied).ToArray());
            return $"{step.Key.Name} {(!step.Any(t => t.Auto) ? "as asked" : applied.Length == all ? "for all" : applied.Length == 0 ? "for none" : $"for {string.Join(", ", applied.SelectMany(t => t.Classes))}")}";
        });
        return string.Create(CultureInfo.InvariantCulture,
            $"post-processing chosen on {Cases.Count} validation cases: {string.Join("; ", steps)}; Dice {Before:F4} → {After:F4} ({After - Before:+0.0000;-0.0000;+0.0000}) on the cases it was chosen on, {Nested:+0.0000;-0.0000;+0.0000} in the nested check");
    }
}
