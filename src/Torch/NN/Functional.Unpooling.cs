using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Also tells where in each line the largest values were, for <see cref="max_unpool1d"/>.</summary>
            public static (Tensor output, Tensor indices) max_pool1d_with_indices(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false)
            {
                var results = Aten.CallMany("max_pool1d_with_indices", input, One(kernel_size), One(stride ?? kernel_size), One(padding ?? 0), One(dilation ?? 1), ceil_mode);
                return (results[0], results[1]);
            }

            /// <summary>Also tells where in each plane (H, W) the largest values were, for <see cref="max_unpool2d"/>.</summary>
            public static (Tensor output, Tensor indices) max_pool2d_with_indices(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false)
            {
                var results = Aten.CallMany("max_pool2d_with_indices", input, kernel_size, strides ?? kernel_size, padding ?? s_zero, dilation ?? s_one, ceil_mode);
                return (results[0], results[1]);
            }

            /// <summary>Also tells where in each volume (D, H, W) the largest values were, for <see cref="max_unpool3d"/>.</summary>
            public static (Tensor output, Tensor indices) max_pool3d_with_indices(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false)
            {
                var results = Aten.CallMany("max_pool3d_with_indices", input, kernel_size, strides ?? kernel_size, padding ?? Thrice(0), dilation ?? Thrice(1), ceil_mode);
                return (results[0], results[1]);
            }

            /// <summary>Puts values of (N, C, L) back where they were pooled from; zeros elsewhere. Without a size, the least that may have been pooled.</summary>
            public static Tensor max_unpool1d(Tensor input, Tensor indices, long kernel_size, long? stride = null, long? padding = null, long[]? output_size = null)
            {
                using var scope = NewDisposeScope();
                var length = output_size?[^1] ?? Unpooled(input.shape[^1], kernel_size, stride ?? kernel_size, padding ?? 0);
                return Aten.Call("max_unpool2d", input.unsqueeze(-2), indices.unsqueeze(-2), (long[])[1, length]).squeeze(-2).MoveToOuterDisposeScope();
            }

            /// <summary>Puts values of (N, C, H, W) back where they were pooled from; zeros elsewhere. Without a size, the least that may have been pooled.</summary>
            public static Tensor max_unpool2d(Tensor input, Tensor indices, long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? output_size = null) =>
                Aten.Call("max_unpool2d", input, indices, output_size?[^2..] ?? Unpooled(input.shape[^2..], kernel_size, stride, padding));

            /// <summary>Puts values of (N, C, D, H, W) back where they were pooled from; zeros elsewhere. Without a size, the least that may have been pooled.</summary>
            public static Tensor max_unpool3d(Tensor input, Tensor indices, long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? output_size = null) =>
                Aten.Call("max_unpool3d", input, indices, output_size?[^3..] ?? Unpooled(input.shape[^3..], kernel_size, stride, padding), stride ?? kernel_size, padding ?? Thrice(0));

            private static long[] Unpooled(long[] size, long[] kernel, long[]? stride, long[]? padding) =>
                [.. size.Select((length, d) => Unpooled(length, kernel[d], (stride ?? kernel)[d], padding?[d] ?? 0))];

            private static long Unpooled(long length, long kernel, long stride, long padding) => ((length - 1) * stride) - (2 * padding) + kernel;
        }
    }
}
