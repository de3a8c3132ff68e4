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
    /// <summary>Writes the smoothed noise.</summary>
    public void Write(ref RandomStream random, Span<float> field, Workspace workspace)
    {
        if (grid != frame)
        {
            WriteCoarse(ref random, field, workspace);
            return;
        }

        var noise = workspace.Numbers<float>(frame.Area);
        var table = NormalQuantiles.Table;
        var (bits, scale) = (0ul, (float)factor);
        for (var i = 0; i < noise.Length; i++)
        {
            bits = (i & 3) == 0 ? random.NextUInt64() : bits >> 16;
            noise[i] = scale * (normal ? table[(ushort)bits] : (((ushort)bits + 0.5f) * (2f / NormalQuantiles.Count)) - 1);
        }

        Filter.GaussianBlur(noise, frame.Height, frame.Width, size, sigma, field, BorderMode.Replicate);
    }

    // A cell has the mean of its pixels' noise: normal, whatever the pixels' was. Beyond the edge, where the reference repeats the last pixel,
    // cells have the mean of a row or column of those pixels, and beyond a corner that pixel's own number.
    private void WriteCoarse(ref RandomStream random, Span<float> field, Workspace workspace)
    {
        var (down, across) = ((double)frame.Height / grid.Height, (double)frame.Width / grid.Width);
        var sigmaInCells = sigma / Math.Sqrt(down * across);
        var pad = (int)Math.Ceiling(4 * sigmaInCells) + 1;
        var (height, width) = (grid.Height + (2 * pad), grid.Width + (2 * pad));
        var noise = workspace.Numbers<float>(height * width);
        var deviation = factor * (normal ? 1 : Math.Sqrt(1 / 3.0));
        var (inside, beside, above) = ((float)(deviation / Math.Sqrt(down * across)), (float)(deviation / Math.Sqrt(down)), (float)(deviation / Math.Sqrt(across)));
        for (var i = pad; i < height - pad; i++)
        {
            var row = noise.Slice(i * width, width);
            row[..pad].Fill(beside * Normal(ref random));
            row[^pad..].Fill(beside * Normal(ref random));
            foreach (ref var cell in row[pad..^pad])
            {
                cell = inside * Normal(ref random);
            }
        }

        Repeat(ref random, noise[..(pad * width)], width, pad, above, (float)deviation);
        Repeat(ref random, noise[((height - pad) * width)..], width, pad, above, (float)deviation);
        var smooth = workspace.Numbers<float>(height * width);
        Filter.GaussianBlur(noise, height, width, 0, sigmaInCells, smooth, BorderMode.Replicate);
        var cut = workspace.Numbers<float>(grid.Area);
        for (var i = 0; i < grid.Height; i++)
        {
            smooth.Slice(((i + pad) * width) + pad, grid.Width).CopyTo(cut[(i * grid.Width)..]);
        }

        Resize.LinearPlanes(cut, 1, grid, frame, field);
    }

    private static void Repeat(ref RandomStream random, Span<float> rows, int width, int pad, float above, float corner)
    {
        var row = rows[..width];
        row[..pad].Fill(corner * Normal(ref random));
        row[^pad..].Fill(corner * Normal(ref random));
        foreach (ref var cell in row[pad..^pad])
        {
            cell = above * Normal(ref random);
        }

        for (var i = width; i < rows.Length; i += width)
        {
            row.CopyTo(rows[i..]);
        }
    }

    private static float Normal(ref RandomStream random) => NormalQuantiles.Table[(ushort)random.NextUInt64()];

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
