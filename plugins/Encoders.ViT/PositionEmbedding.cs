using Osteon.Masks;
using static TorchSharp.torch;

namespace Osteon.Plugins.Encoders.ViT;

/// <summary>Fits learnt positions to images of another size.</summary>
internal static class PositionEmbedding
{
    private const double Reach = 2;                                 // of the cubic kernel, in pixels of the finer grid
    private const double Sharpness = -0.5;                          // Keys' kernel, as in Pillow and in libtorch where it smooths

    /// <summary>Bicubic with smoothing, as timm's resample_abs_pos_embed. As two products of matrices: its gradient repeats itself on every device.</summary>
    /// <param name="positions">(1, prefix + patches, C).</param>
    /// <param name="prefix">How many of them belong to prefix tokens, and stay.</param>
    /// <param name="from">The grid they were learnt for.</param>
    /// <param name="to">The grid wanted.</param>
    /// <returns>(1, prefix + patches wanted, C).</returns>
    public static Tensor Resized(Tensor positions, int prefix, Frame from, Frame to)
    {
        if (from == to)
        {
            return positions;
        }

        var channels = positions.shape[2];
        var rows = Weights(from.Height, to.Height, positions.device).matmul(positions.narrow(1, prefix, from.Area).reshape(from.Height, -1));
        var grid = Weights(from.Width, to.Width, positions.device).matmul(rows.reshape(to.Height, from.Width, channels));
        return cat([positions.narrow(1, 0, prefix), grid.reshape(1, to.Area, channels)], 1);
    }

    // (to, from): each place of the new side gathers what lies around it on the old, further where it becomes smaller.
    private static Tensor Weights(int from, int to, Device device)
    {
        var step = (double)from / to;
        var spread = Math.Max(step, 1);
        var weights = new float[to * from];
        for (var place = 0; place < to; place++)
        {
            var centre = step * (place + 0.5);
            var first = Math.Max((int)(centre - (Reach * spread) + 0.5), 0);
            var end = Math.Min((int)(centre + (Reach * spread) + 0.5), from);
            var near = Enumerable.Range(first, end - first).Select(old => Kernel((old - centre + 0.5) / spread)).ToArray();
            var sum = near.Sum();
            for (var i = 0; i < near.Length; i++)
            {
                weights[(place * from) + first + i] = (float)(near[i] / sum);
            }
        }

        return tensor(weights, [to, from]).to(device);
    }

    /// <remarks>Keys 1981, doi:10.1109/TASSP.1981.1163711.</remarks>
    private static double Kernel(double distance)
    {
        var x = Math.Abs(distance);
        return x switch
        {
            < 1 => ((((Sharpness + 2) * x) - (Sharpness + 3)) * x * x) + 1,
            < Reach => Sharpness * (((((x - 5) * x) + 8) * x) - 4),
            _ => 0,
        };
    }
}
