using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.NnUnet;

/// <summary>How SpatialTransform bends: noise, smoothed by a bell, the farthest way as long as drawn.</summary>
/// <param name="ScaleY">The bell's deviation down the rows, as a share of the height.</param>
/// <param name="ScaleX">Along the columns, as a share of the width.</param>
/// <param name="MagnitudeY">The farthest way along a column, as a share of half the height.</param>
/// <param name="MagnitudeX">Along a row, as a share of half the width.</param>
/// <param name="Key">Of the noise.</param>
public readonly record struct ElasticDraw(double ScaleY, double ScaleX, double MagnitudeY, double MagnitudeX, ulong Key)
{
    private const int CellsPerDeviation = 6, Reach = 4;

    /// <summary>Writes where each pixel of the patch is read: moved first, then mapped. The mean way is 0, so that the patch stays where it was.</summary>
    internal void Follow(Frame patch, Projection map, Span<float> x, Span<float> y, Workspace workspace)
    {
        var random = new RandomStream(Key);
        Write(ref random, patch, MagnitudeX * patch.Width / 2, x, workspace);
        Write(ref random, patch, MagnitudeY * patch.Height / 2, y, workspace);
        var (meanX, meanY) = (Mean(x), Mean(y));
        for (int row = 0, i = 0; row < patch.Height; row++)
        {
            for (var column = 0; column < patch.Width; column++, i++)
            {
                var (u, v) = map.Apply(column + x[i] - meanX, row + y[i] - meanY);
                (x[i], y[i]) = ((float)u, (float)v);
            }
        }
    }

    // The noise goes on beyond an edge at the opposite one, as where it is smoothed by its spectrum. It is made in cells of a sixth of the
    // bell, in which it looks the same, and its scale is told by the farthest way anyhow.
    private void Write(ref RandomStream random, Frame patch, double farthest, Span<float> ways, Workspace workspace)
    {
        var (down, across) = (ScaleY * patch.Height, ScaleX * patch.Width);
        var grid = new Frame(Cells(patch.Height, down), Cells(patch.Width, across));
        var noise = workspace.Numbers<float>(grid.Area);
        var smooth = workspace.Numbers<float>(grid.Area);
        foreach (ref var cell in noise)
        {
            cell = NormalQuantiles.Table[(ushort)random.NextUInt64()];
        }

        Smooth(noise, smooth, grid.Height, grid.Width, 1, grid.Width, down * grid.Height / patch.Height);
        Smooth(smooth, noise, grid.Width, grid.Height, grid.Width, 1, across * grid.Width / patch.Width);
        Resize.LinearPlanes(noise, 1, grid, patch, ways);
        var largest = 0f;
        foreach (var way in ways)
        {
            largest = Math.Max(largest, Math.Abs(way));
        }

        var factor = largest > 0 ? (float)(farthest / largest) : 0;
        foreach (ref var way in ways)
        {
            way *= factor;
        }
    }

    private static int Cells(int pixels, double deviation) => Math.Clamp((int)Math.Ceiling(pixels * CellsPerDeviation / Math.Max(deviation, 1e-6)), 1, pixels);

    /// <summary>Smooths lines that lie along an axis.</summary>
    /// <param name="from">The plane.</param>
    /// <param name="to">Another.</param>
    /// <param name="length">Of a line.</param>
    /// <param name="lines">How many there are.</param>
    /// <param name="between">From a line to the next.</param>
    /// <param name="step">From a cell of a line to the next.</param>
    /// <param name="deviation">Of the bell, in cells.</param>
    private static void Smooth(ReadOnlySpan<float> from, Span<float> to, int length, int lines, int between, int step, double deviation)
    {
        Span<float> bell = new float[(2 * (int)Math.Ceiling(Reach * deviation)) + 1];
        var middle = bell.Length / 2;
        var sum = 0f;
        for (var k = 0; k < bell.Length; k++)
        {
            sum += bell[k] = deviation > 0 ? (float)Math.Exp(-(k - middle) * (double)(k - middle) / (2 * deviation * deviation)) : 1;
        }

        for (var line = 0; line < lines; line++)
        {
            for (var i = 0; i < length; i++)
            {
                var (mean, at) = (0f, (((i - middle) % length) + length) % length);
                foreach (var weight in bell)
                {
                    mean += weight * from[(line * between) + (at * step)];
                    at = at + 1 == length ? 0 : at + 1;
                }

                to[(line * between) + (i * step)] = mean / sum;
            }
        }
    }

    private static float Mean(ReadOnlySpan<float> ways)
    {
        var sum = 0.0;
        foreach (var way in ways)
        {
            sum += way;
        }

        return (float)(sum / ways.Length);
    }
}
