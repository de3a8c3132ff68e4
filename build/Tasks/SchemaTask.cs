using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <summary>Writes experiments/schema.json, by which editors complete and check experiment files: the names of all plugins that are there, and their options.</summary>
[TaskName("Schema")]
[TaskDescription("Writes experiments/schema.json, for completion in editors")]
public sealed class SchemaTask : FrostingTask<ExperimentContext>
{
    /// <inheritdoc />
    public override void Run(ExperimentContext context)
    {
        var file = SchemaFile.Path(context.Root);
        if (context.DryRun)
        {
            context.Say($"would write {file}");
            return;
        }

        SchemaFile.Write(context.Root, ExperimentSession.OpenPlugins(context.Root));
        context.Say($"Schema: {Path.GetRelativePath(context.Root, file)}. A file that begins with '# yaml-language-server: $schema=schema.json' is completed by it.");
    }
}
