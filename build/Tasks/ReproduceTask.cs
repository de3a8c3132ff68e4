using Cake.Core;
using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <summary>Brings a tagged result back from its commit and compares it, unit by unit, with what the tag promises.</summary>
[TaskName("Reproduce")]
[TaskDescription("Runs a tagged result again from its commit, and compares")]
public sealed class ReproduceTask : AsyncFrostingTask<ExperimentContext>
{
    /// <inheritdoc />
    public override async Task RunAsync(ExperimentContext context)
    {
        var tag = context.CommandLine["tag"] ?? throw new CakeException(2, "Reproduce needs --tag=TAG, one that --target=Tag made.");
        var fromCache = context.CommandLine["from-cache"] switch
        {
            null or "true" => true,
            "false" => false,
            var other => throw new CakeException(2, $"--from-cache={other}: expected true or false."),
        };
        if (context.DryRun)
        {
            context.Say($"would check {tag} out into .osteon/reproduce and run its experiment");
            return;
        }

        var options = new ReproductionOptions(context.Root, tag, fromCache, context.CommandLine.Device);
        var likeness = await new Reproduction(options, context.CreateConsole(), TimeProvider.System).RunAsync(context.Cancellation);
        if (likeness == Likeness.Different)
        {
            throw new CakeException(1, $"{tag} was not reproduced.");
        }
    }
}
