using Cake.Frosting;
using Osteon.Abstractions;
using Osteon.Runner;

namespace Osteon.Build;

/// <inheritdoc cref="SynthesizeStage" />
[TaskName("Synthesize")]
[TaskDescription("Makes a synthetic data set, when the experiment asks for one")]
public sealed class SynthesizeTask : StageTask<SynthesizeStage>
{
    /// <inheritdoc />
    public override async Task RunAsync(ExperimentContext context)
    {
        // Behind another target the argument is that target's.
        var output = context.CommandLine.Targets.Contains("Synthesize") && context.CommandLine["output"] is { } given ? Path.GetFullPath(given, context.Root) : null;
        Check(context, output);
        await base.RunAsync(context);
        if (context.Session.Plan.Data.Synthesize is null || context.DryRun)
        {
            return;
        }

        var made = context.Session.OutputOf("Synthesize").Folder;
        if (output is not null)
        {
            OutputFolder.Copy(made, output);
        }

        if (context.CommandLine.Targets.Contains("Synthesize"))
        {
            context.Closing.Say($"Data set: {context.Session.ForPeople(output ?? made)}");
        }
    }

    private static void Check(ExperimentContext context, string? output)
    {
        if (output is null)
        {
            return;
        }

        if (context.Session.Plan.Data.Synthesize is null)
        {
            throw new ConfigurationException($"--output={output}: {context.Session.Plan.Name} has no data.synthesize, so there is nothing to copy.");
        }

        if (File.Exists(output) || (Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any()))
        {
            throw new ConfigurationException($"--output={output}: is there already and not an empty folder. Name another, or remove it.");
        }
    }
}
