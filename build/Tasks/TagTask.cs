using System.Globalization;
using Cake.Core;
using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <summary>Pins an experiment's result in an annotated git tag: configuration, data, plugins, outputs and scores.</summary>
[TaskName("Tag")]
[TaskDescription("Pins an experiment's result in an annotated git tag")]
public sealed class TagTask : FrostingTask<ExperimentContext>
{
    private const double Tolerance = 0.01;

    /// <inheritdoc />
    public override void Run(ExperimentContext context)
    {
        var name = context.CommandLine["name"] ?? throw new CakeException(2, "Tag needs --name=TAG, as in lb/2026-final.");
        var tolerance = context.CommandLine["tolerance"] is not { } text ? Tolerance
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var given) && given is >= 0 and <= 1 ? given
            : throw new CakeException(2, $"--tolerance={text}: expected a number in [0, 1], how far a score may be off on another platform.");
        var record = Tagging.Prepare(context.Session, name, tolerance);
        if (context.DryRun)
        {
            context.Say(TagMessage.Write(record));
            return;
        }

        Tagging.Write(context.Root, name, record);
        context.Say($"Tagged {name}: {record.Experiment}, {record.Units.Count} units. Share it: git push origin {name}");
    }
}
