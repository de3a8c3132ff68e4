using static TorchSharp.torch;

namespace Osteon.Plugins.Encoders.Hiera;

/// <summary>Cubic interpolation as PyTorch does it with antialias: Keys' kernel of −0.5, and not of −0.75, over the pixels that there are, wider where a map shrinks.</summary>
/// <remarks>Keys 1981, doi:10.1109/TASSP.1981.1163711.</remarks>
internal static class CubicResize
{
    private const double Sharpness = -0.5;
    private const int Reach = 2;

    /// <returns>(N, C, rows, columns) of (N, C, H, W).</returns>
    public static Tensor Of(Tensor map, long rows, long columns)
    {
        using var scope = NewDisposeScope();
        var vertical = Weights(map.shape[2], rows).to(map.dtype).to(map.device);
        var horizontal = Weights(map.shape[3], columns).to(map.dtype).to(map.device);
        return vertical.matmul(map).matmul(horizontal.t()).MoveToOuterDisposeScope();
    }

    // (to, from): how much of each pixel a new one has.
    private static Tensor Weights(long from, long to)
    {
        var values = new float[to * from];
        var scale = (double)from / to;
        var stretch = Math.Max(scale, 1);
        for (var i = 0L; i < to; i++)
        {
            var centre = scale * (i + 0.5);
            var first = Math.Max((long)(centre - (Reach * stretch) + 0.5), 0);
            var last = Math.Min((long)(centre + (Reach * stretch) + 0.5), from);
            double Weight(long j) => Kernel((j - centre + 0.5) / stretch);
            var total = 0.0;
            for (var j = first; j < last; j++)
            {
                total += Weight(j);
            }

            for (var j = first; j < last; j++)
            {
                values[(i * from) + j] = (float)(Weight(j) / total);
            }
        }

        return tensor(values, [to, from]);
    }

    private static double Kernel(double x)
    {
        var (a, t) = (Sharpness, Math.Abs(x));
        return t < 1 ? (((((a + 2) * t) - (a + 3)) * t) * t) + 1 : t < Reach ? ((((t - 5) * t) + 8) * t * a) - (4 * a) : 0;
    }
}
