using System.Globalization;
using Cake.Core;
using Cake.Frosting;
using Osteon.Abstractions;
using Osteon.Runner;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;

namespace Osteon.Build;

/// <summary>Writes the experiment's cases in another layout, reads them again, and says what came back. Exit code 1 when that is too little.</summary>
[TaskName("Export")]
[TaskDescription("Writes the cases in another layout, as --format=nnunet, and reports what comes back")]
[IsDependentOn(typeof(SplitTask))]
public sealed class ExportTask : FrostingTask<ExperimentContext>
{
    /// <inheritdoc />
    public override void Run(ExperimentContext context)
    {
        var writers = context.Session.Plugins.Names(PluginKind.Of<DatasetWriter>());
        Write(context, "Export", context.CommandLine["format"] ?? throw new CakeException(2, $"--format=NAME is missing; there are {string.Join(", ", writers)}. Options go with it, as in --format=\"{{nnunet: {{id: 7}}}}\"."),
            "export", session => new LabelledCases(session));
    }

    /// <summary>Writes what a source gives, for the target that asks for it.</summary>
    internal static void Write(ExperimentContext context, string target, string format, string folder, Func<ExperimentSession, ExportSource> source)
    {
        var line = context.CommandLine;
        var writer = ChoiceText.Read(format, "--format");
        var options = new ExportOptions
        {
            Writer = writer,
            Folder = Path.GetFullPath(line.Output ?? Path.Combine(context.Session.RunFolder, folder, writer.Name), context.Root),
            Replace = line.Force.Contains(target),
            LeastIoU = line["min-iou"] is not { } text ? null
                : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var least) && least is >= 0 and <= 1 ? least
                : throw new CakeException(2, $"--min-iou={text}: expected a number from 0 to 1."),
        };
        if (context.DryRun)
        {
            context.Say($"would write {context.Session.Plan.Name} as {writer.Name} to {context.Session.ForPeople(options.Folder)}");
            return;
        }

        var result = new Exporter(context.Session, source(context.Session), options).Run(context.Cancellation);
        if (!result.IsEnough)
        {
            throw new CakeException(1, string.Join(Environment.NewLine, result.Lines));
        }

        foreach (var told in result.Lines)
        {
            context.Closing.Say(told);
        }
    }
}
