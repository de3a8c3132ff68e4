using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Without a stride, windows lie side by side.
        public static partial class functional
        {
            public static Tensor max_pool1d(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                Aten.Call("max_pool1d", input, One(kernel_size), One(stride ?? kernel_size), One(padding ?? 0), One(dilation ?? 1), ceil_mode);

            public static Tensor max_pool3d(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                Determinism.Routed(input)
                    ? IndexedPooling.Of("max_pool3d_with_indices", input, 3, kernel_size, strides ?? kernel_size, padding ?? Thrice(0), dilation ?? Thrice(1), ceil_mode)
                    : Aten.Call("max_pool3d", input, kernel_size, strides ?? kernel_size, padding ?? Thrice(0), dilation ?? Thrice(1), ceil_mode);

            public static Tensor avg_pool1d(Tensor input, long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true) =>
                Aten.Call("avg_pool1d", input, One(kernel_size), One(stride ?? kernel_size), One(padding ?? 0), ceil_mode, count_include_pad);

            public static Tensor avg_pool3d(Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                Separable.Of("avg_pool3d", input, 3, only =>
                [
                    Separable.Only(kernel_size, only, 1), Separable.Only(stride ?? kernel_size, only, 1), Separable.Only(padding ?? Thrice(0), only, 0),
                    ceil_mode, count_include_pad, only > 0 && divisor_override is not null ? 1L : divisor_override,
                ]);

            public static Tensor adaptive_avg_pool1d(Tensor input, long output_size) =>
                Separable.Of("adaptive_avg_pool1d", input, 1, _ => [One(output_size)]);

            public static Tensor adaptive_avg_pool3d(Tensor input, long[] output_size) =>
                Separable.Of("adaptive_avg_pool3d", input, 3, only => [Separable.Only(output_size, only, 1)]);

            public static Tensor adaptive_avg_pool3d(Tensor input, long output_size) => adaptive_avg_pool3d(input, Thrice(output_size));

            public static Tensor adaptive_max_pool1d(Tensor input, long output_size) => IndexedPooling.Of("adaptive_max_pool1d", input, 1, One(output_size));

            public static Tensor adaptive_max_pool2d(Tensor input, long[] output_size) => IndexedPooling.Of("adaptive_max_pool2d", input, 2, output_size);

            public static Tensor adaptive_max_pool3d(Tensor input, long[] output_size) => IndexedPooling.Of("adaptive_max_pool3d", input, 3, output_size);

            private static long[] One(long value) => [value];
        }
    }
}
