using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <summary>Writes a page with what the network will see of a case, or one sample of training again.</summary>
[TaskName("Preview")]
[TaskDescription("Writes a page with what training makes of a case: --case=ID, or --epoch=E --index=I")]
[IsDependentOn(typeof(InputTask))]
public sealed class PreviewTask : FrostingTask<ExperimentContext>
{
    /// <inheritdoc />
    public override void Run(ExperimentContext context)
    {
        if (context.DryRun)
        {
            return;
        }

        var command = context.CommandLine;
        context.Say(context.Session.ForPeople(Preview.Write(context.Session, new PreviewRequest(command.Case, command.Epoch, command.Index))));
    }
}
