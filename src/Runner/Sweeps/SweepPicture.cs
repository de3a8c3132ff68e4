using System.Globalization;
using Osteon.Reporting;

namespace Osteon.Runner;

/// <summary>Points of a sweep as parallel coordinates: an axis a key, then the loss and the metric.</summary>
/// <param name="space">What was tried where.</param>
/// <param name="goal">What it was after: its better end is at the head.</param>
/// <param name="ranked">All points, the best first; those that failed, last.</param>
internal sealed class SweepPicture(SweepSpace space, SweepGoal goal, IReadOnlyList<SweepResult> ranked)
{
    private const int MostPoints = 500;

    /// <summary>The picture; of a long sweep, its best points.</summary>
    public ParallelCoordinates Draw()
    {
        SweepResult[] shown = [.. ranked.Take(MostPoints)];
        var scored = shown.Count(r => !double.IsNaN(r.Score));
        var axes = space.Axes.Select((axis, i) => Axis(axis, [.. shown.Select(r => r.Point.Values[i].Value).Distinct()])).ToArray();
        var loss = Numbers("lowest val loss", [.. shown.Select(r => r.Loss)], isFlipped: true);
        var score = Numbers(goal.Metric, [.. shown.Select(r => r.Score)], goal.Gain(1) < 0);
        return new ParallelCoordinates(
            [.. axes.Select(a => a.Axis), loss.Axis, score.Axis],
            [
                .. shown.Select((result, i) => new ParallelLine(
                    [.. result.Point.Values.Select((v, k) => axes[k].Place(v.Value)), loss.Place(result.Loss), score.Place(result.Score)],
                    double.IsNaN(result.Score) ? 0 : scored > 1 ? 1 - ((double)i / (scored - 1)) : 1,
                    $"{result.Point.Label}: {(result.Failure is null ? $"{goal.Metric} {SweepTable.Number(result.Score)}, lowest val loss {SweepTable.Number(result.Loss)}" : "failed")}")),
            ]);
    }

    private static (ParallelAxis Axis, Func<string, double> Place) Axis(SweepAxis axis, string[] tried)
    {
        if (axis is RangeAxis range)
        {
            var (low, high) = (range.Place(Text(range.Low)), range.Place(Text(range.High)));
            return (new ParallelAxis(Short(axis.Key), [.. Marks(low, high, range.Write).Select(mark => mark.Label).Distinct().Select(written => (Of(written), written))]), Of);

            double Of(string written) => (range.Place(written) - low) / (high - low);
        }

        // Numbers in order, other values as they were written.
        var values = ((ListedAxis)axis).Values.Where(tried.Contains).ToArray();
        values = values.All(v => double.TryParse(v, CultureInfo.InvariantCulture, out _)) ? [.. values.OrderBy(v => double.Parse(v, CultureInfo.InvariantCulture))] : values;
        return (new ParallelAxis(Short(axis.Key), [.. values.Select((v, i) => (At(i), v.Trim('"')))]), written => At(Array.IndexOf(values, written)));

        double At(int i) => values.Length > 1 ? (double)i / (values.Length - 1) : 0.5;
    }

    private static (ParallelAxis Axis, Func<double, double> Place) Numbers(string name, double[] values, bool isFlipped)
    {
        double[] known = [.. values.Where(double.IsFinite)];
        var (low, high) = known.Length == 0 ? (0, 1) : (known.Min(), known.Max());
        if (high <= low)
        {
            (low, high) = (low - 0.5, high + 0.5);
        }

        return isFlipped
            ? (new ParallelAxis(name, Marks(high, low, SweepTable.Number)), value => (high - value) / (high - low))
            : (new ParallelAxis(name, Marks(low, high, SweepTable.Number)), value => (value - low) / (high - low));
    }

    private static (double Place, string Label)[] Marks(double foot, double head, Func<double, string> write) =>
        [.. new[] { 0, 0.25, 0.5, 0.75, 1 }.Select(place => (place, write(foot + (place * (head - foot)))))];

    // The last two parts say what it is: AdamW.lr.
    private static string Short(string key) => string.Join('.', key.Split('.').TakeLast(2));

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
