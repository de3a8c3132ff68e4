using System.Numerics;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Spatial;

/// <summary>Noise smoothed by a bell, for one axis of a displacement.</summary>
/// <param name="frame">Where it is wanted.</param>
/// <param name="grid">Where it is made: the frame, or a coarser one.</param>
/// <param name="size">Side of the bell in pixels of the grid; 0 derives it from sigma.</param>
/// <param name="sigma">Of the bell, in pixels of the frame.</param>
/// <param name="factor">Multiplied with the noise.</param>
/// <param name="normal">Normal noise of deviation 1; else uniform in [−1, 1].</param>
internal sealed class SmoothField(Frame frame, Frame grid, int size, double sigma, double factor, bool normal)
{
    public void Write(ref RandomStream random, Span<float> field, Workspace workspace)
    {
        // A cell of the grid has the mean of its pixels' noise: normal, whatever the pixels' was.
        var share = (double)grid.Area / frame.Area;
        var coarse = grid != frame;
        var noise = workspace.Numbers<float>(grid.Area);
        var scale = (float)(factor * Math.Sqrt(share) * (coarse && !normal ? Math.Sqrt(1 / 3.0) : 1));
        var table = NormalQuantiles.Table;
        var bits = 0ul;
        for (var i = 0; i < noise.Length; i++)
        {
            bits = (i & 3) == 0 ? random.NextUInt64() : bits >> 16;
            noise[i] = scale * (coarse || normal ? table[(ushort)bits] : (((ushort)bits + 0.5f) * (2f / NormalQuantiles.Count)) - 1);
        }

        var smooth = coarse ? workspace.Numbers<float>(grid.Area) : field;
        Filter.GaussianBlur(noise, grid.Height, grid.Width, size, sigma * Math.Sqrt(share), smooth, BorderMode.Replicate);
        if (coarse)
        {
            Resize.LinearPlanes(smooth, 1, grid, frame, field);
        }
    }

    /// <summary>Makes places of displacements.</summary>
    public static void AddCoordinates(Frame frame, Span<float> x, Span<float> y)
    {
        Span<float> columns = new float[frame.Width];
        for (var j = 0; j < columns.Length; j++)
        {
            columns[j] = j;
        }

        for (var i = 0; i < frame.Height; i++)
        {
            var across = x.Slice(i * frame.Width, frame.Width);
            var down = y.Slice(i * frame.Width, frame.Width);
            var (row, j) = (new Vector<float>(i), 0);
            for (; j <= frame.Width - Vector<float>.Count; j += Vector<float>.Count)
            {
                (new Vector<float>(across[j..]) + new Vector<float>(columns[j..])).CopyTo(across[j..]);
                (new Vector<float>(down[j..]) + row).CopyTo(down[j..]);
            }

            for (; j < frame.Width; j++)
            {
                across[j] += j;
                down[j] += i;
            }
        }
    }
}
