using System.Globalization;
using Cake.Core;
using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <summary>Makes a data set of the test cases as the ensemble labels them, those it is sure of, beside the training cases.</summary>
[TaskName("PseudoLabel")]
[TaskDescription("Makes a data set of what the ensemble predicts: --min-confidence=0.9, --format=rle-csv")]
[IsDependentOn(typeof(EnsembleTask))]
public sealed class PseudoLabelTask : FrostingTask<ExperimentContext>
{
    /// <inheritdoc />
    public override void Run(ExperimentContext context)
    {
        var line = context.CommandLine;
        var least = line["min-confidence"] is not { } text ? 0
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1 ? number
            : throw new CakeException(2, $"--min-confidence={text}: expected a number from 0 to 1.");
        ExportTask.Write(context, "PseudoLabel", line["format"] ?? "rle-csv", "pseudo", session => new PseudoLabelledCases(session, least, line.Has("pseudo-only")));
    }
}
