using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Resizes images.</summary>
            /// <param name="x">(N, C, H, W); for linear (N, C, L), for trilinear (N, C, D, H, W), for nearest and area any of them.</param>
            /// <param name="size">Height and width wanted (or length; or depth, height, width), or null.</param>
            /// <param name="scale_factor">One factor, or one for each dimension; used, and passed on, when size is null.</param>
            /// <param name="mode">How values between pixels are computed.</param>
            /// <param name="align_corners">Whether corner pixels' centres, not their outer edges, fall on each other; linear, bilinear, bicubic and trilinear only.</param>
            /// <param name="recompute_scale_factor">Whether to sample by the factor that results from whole pixels.</param>
            public static Tensor interpolate(Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null, bool recompute_scale_factor = false)
            {
                if ((size is null) == (scale_factor is null))
                {
                    throw new ArgumentException("Give either size or scale_factor.", nameof(size));
                }

                if (align_corners is not null && mode is InterpolationMode.Nearest or InterpolationMode.Area && align_corners is true)
                {
                    throw new ArgumentException($"align_corners has no meaning for {mode}.", nameof(align_corners));
                }

                var axes = (int)x.ndim - 2;
                var factors = scale_factor is { Length: 1 } ? Enumerable.Repeat(scale_factor[0], axes).ToArray() : scale_factor;
                if (factors is not null && (recompute_scale_factor || mode == InterpolationMode.Area))
                {
                    size = [.. factors.Select((f, d) => (long)Math.Floor(x.size(d + 2) * f))];
                    factors = null;
                }

                var op = mode switch
                {
                    InterpolationMode.Nearest => $"upsample_nearest{axes}d.vec",
                    InterpolationMode.Bilinear => "upsample_bilinear2d.vec",
                    InterpolationMode.Bicubic => "upsample_bicubic2d.vec",
                    InterpolationMode.Linear => "upsample_linear1d.vec",
                    InterpolationMode.Trilinear => "upsample_trilinear3d.vec",
                    _ => $"adaptive_avg_pool{axes}d",
                };
                return mode switch
                {
                    // Every pixel belongs to one: its gradient is a sum of neighbours that libtorch takes in order.
                    InterpolationMode.Nearest => Aten.Call(op, x, size, factors),
                    InterpolationMode.Area => Separable.Of(op, x, axes, only => [Separable.Only(size!, only, 1)]),
                    _ => Separable.Of(op, x, axes, only => [Separable.Only(size, only, 1), align_corners ?? false, Separable.Only(factors, only, 1)]),
                };
            }
        }
    }
}
