using Cake.Frosting;

namespace Osteon.Build;

/// <summary>Prints the experiment as it is after presets, environment and command line, with where each value comes from.</summary>
[TaskName("Show")]
[TaskDescription("Prints the resolved experiment and where each value comes from")]
public sealed class ShowTask : FrostingTask<ExperimentContext>
{
    /// <inheritdoc />
    public override void Run(ExperimentContext context)
    {
        foreach (var line in context.Session.PlanWithOrigins().TrimEnd('\n').Split('\n'))
        {
            context.Say(line);
        }
    }
}
