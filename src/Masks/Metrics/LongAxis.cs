namespace Osteon.Masks;

/// <summary>How far what is labelled is turned: the angle between its long axis and the vertical.</summary>
public static class LongAxis
{
    /// <summary>Degrees in [0, 90], by second moments; NaN where nothing is labelled.</summary>
    public static double Tilt(IReadOnlyList<Mask> masks)
    {
        double n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
        foreach (var mask in masks)
        {
            var width = mask.Frame.Width;
            foreach (var run in mask.Runs)
            {
                for (var start = run.Start; start < run.End;)
                {
                    var (row, column) = Math.DivRem(start, width);
                    var length = Math.Min(run.End - start, width - column);
                    var (first, last) = ((double)column, (double)column + length - 1);
                    var (sum, squares) = ((first + last) * length / 2, Squares(last) - Squares(first - 1));
                    (n, x, y) = (n + length, x + sum, y + ((double)row * length));
                    (xx, xy, yy) = (xx + squares, xy + (row * sum), yy + ((double)row * row * length));
                    start += length;
                }
            }
        }

        var (cxx, cxy, cyy) = ((xx / n) - (x / n * x / n), (xy / n) - (x / n * y / n), (yy / n) - (y / n * y / n));
        return Math.Abs(double.RadiansToDegrees(0.5 * Math.Atan2(2 * cxy, cyy - cxx)));
    }

    // 0² + 1² + … + m².
    private static double Squares(double m) => m * (m + 1) * ((2 * m) + 1) / 6;
}
