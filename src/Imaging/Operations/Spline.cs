using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>
/// Changes the pixel grid by cubic B-splines, as skimage.transform.resize does with order=3, mode="edge", anti_aliasing=False, and so nnU-Net's
/// preprocessing: nothing is averaged where an image becomes smaller, and no value leaves the interval of the image's own.
/// </summary>
/// <remarks>Unser, Aldroubi, Eden 1993, doi:10.1109/78.193220; pixel centres at half, edges repeated, in double precision.</remarks>
public static class Spline
{
    // The filter's response falls by 3.7 a pixel: beyond twelve repeated pixels what lies outside is of no weight (3e-7), which is SciPy's margin too.
    private const int Margin = 12;

    private static readonly double s_pole = Math.Sqrt(3) - 2;

    /// <summary>An image at another size, rounded to its levels.</summary>
    /// <returns>A fresh image; the same object when the frame already fits.</returns>
    public static Image Of(Image image, Frame frame)
    {
        if (image.Frame == frame)
        {
            return image;
        }

        var values = new double[image.Frame.Area];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = image.BytesPerPixel == 1 ? image.Pixels<byte>()[i] : image.Pixels<ushort>()[i];
        }

        var (resized, result) = (Planes(values, image.Frame, frame), new Image(frame, image.BytesPerPixel, new byte[checked(frame.Area * image.BytesPerPixel)]));
        for (var i = 0; i < resized.Length; i++)
        {
            var level = Math.Round(resized[i]);
            if (image.BytesPerPixel == 1)
            {
                result.Bytes[i] = (byte)level;
            }
            else
            {
                result.Pixels<ushort>()[i] = (ushort)level;
            }
        }

        return result;
    }

    /// <summary>Values at another size.</summary>
    /// <param name="values">Height × width, row-major.</param>
    /// <param name="from">Their frame.</param>
    /// <param name="to">The result's.</param>
    /// <exception cref="ArgumentException">The values' number is not the frame's area.</exception>
    public static double[] Planes(ReadOnlySpan<double> values, Frame from, Frame to)
    {
        if (values.Length != from.Area)
        {
            throw new ArgumentException($"{values.Length} values do not fit {from}.", nameof(values));
        }

        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        // Rows first; the spline of a grid is one of its rows and then of its columns.
        var wide = new double[checked(from.Height * to.Width)];
        var source = values.ToArray();
        var across = new Axis(from.Width, to.Width);
        Parallel.For(0, from.Height, () => across.Line(), (y, _, line) =>
        {
            across.Resample(source, y * from.Width, 1, wide, y * to.Width, 1, line);
            return line;
        }, _ => { });
        var result = new double[to.Area];
        var down = new Axis(from.Height, to.Height);
        Parallel.For(0, to.Width, () => down.Line(), (x, _, line) =>
        {
            down.Resample(wide, x, to.Width, result, x, to.Width, line);
            return line;
        }, _ => { });
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = Math.Clamp(result[i], low, high);
        }

        return result;
    }

    /// <summary>One axis of a grid.</summary>
    private sealed class Axis
    {
        private readonly int _from;
        private readonly int[] _first;
        private readonly double[] _weights;

        public Axis(int from, int to)
        {
            (_from, _first, _weights) = (from, new int[to], new double[4 * to]);
            for (var i = 0; i < to; i++)
            {
                var at = ((i + 0.5) * ((double)from / to)) - 0.5 + Margin;
                var t = at - Math.Floor(at);
                _first[i] = (int)Math.Floor(at) - 1;
                _weights[4 * i] = Tail(1 - t);
                _weights[(4 * i) + 1] = Middle(t);
                _weights[(4 * i) + 2] = Middle(1 - t);
                _weights[(4 * i) + 3] = Tail(t);
            }
        }

        /// <summary>Room for a line's coefficients.</summary>
        public double[] Line() => new double[_from + (2 * Margin)];

        public void Resample(double[] source, int begin, int step, double[] target, int at, int stride, double[] line)
        {
            for (var i = 0; i < line.Length; i++)
            {
                line[i] = source[begin + (Math.Clamp(i - Margin, 0, _from - 1) * step)];
            }

            if (_first.Length == _from)
            {
                for (var i = 0; i < _from; i++)
                {
                    target[at + (i * stride)] = line[i + Margin];
                }

                return;
            }

            Filter(line);
            for (var i = 0; i < _first.Length; i++)
            {
                var (first, w) = (_first[i], 4 * i);
                target[at + (i * stride)] = (line[first] * _weights[w]) + (line[first + 1] * _weights[w + 1]) + (line[first + 2] * _weights[w + 2]) + (line[first + 3] * _weights[w + 3]);
            }
        }

        // Values become coefficients: a causal filter, then an anticausal one, on a line that goes on as it ends.
        private static void Filter(double[] line)
        {
            var gain = (1 - s_pole) * (1 - (1 / s_pole));
            line[0] *= gain / (1 - s_pole);
            for (var i = 1; i < line.Length; i++)
            {
                line[i] = (line[i] * gain) + (s_pole * line[i - 1]);
            }

            // What a constant beyond the end would leave there.
            var last = line.Length - 1;
            line[last] = -s_pole / (1 - s_pole) * line[last];
            for (var i = last - 1; i >= 0; i--)
            {
                line[i] = s_pole * (line[i + 1] - line[i]);
            }
        }

        private static double Tail(double t) => t * t * t / 6;

        private static double Middle(double t) => ((4 - (6 * t * t)) + (3 * t * t * t)) / 6;
    }
}
