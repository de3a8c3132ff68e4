using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <summary>Says of every unit whether it would run, fact by fact; starts nothing.</summary>
[TaskName("Explain")]
[TaskDescription("Says of every unit whether it would run, and which facts make it")]
public sealed class ExplainTask : FrostingTask<ExperimentContext>
{
    /// <inheritdoc />
    public override void Run(ExperimentContext context)
    {
        var states = Explanation.Of(context.Session, Stages.Order[^1]).ToArray();
        foreach (var line in states.SelectMany(state => Explanation.Lines(context.Session, state)))
        {
            context.Say(line);
        }

        var count = states.CountBy(state => state.Verdict).ToDictionary();
        context.Say($"{context.Session.Plan.Name}: {Count(UnitVerdict.Runs) + Count(UnitVerdict.Waits)} would run, {Count(UnitVerdict.Restored)} restored, {Count(UnitVerdict.UpToDate)} up to date");

        int Count(UnitVerdict verdict) => count.GetValueOrDefault(verdict);
    }
}
