using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Of (N, C, L); the weight is (out, in / groups, l).</summary>
            public static Tensor conv1d(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? dilation = null, long groups = 1) =>
                Convolve("conv1d", input, weight, bias, [stride ?? 1], [padding ?? 0], [dilation ?? 1], groups);

            /// <summary>Of (N, C, D, H, W); the weight is (out, in / groups, d, h, w).</summary>
            public static Tensor conv3d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Convolve("conv3d", input, weight, bias, strides ?? Thrice(1), padding ?? Thrice(0), dilation ?? Thrice(1), groups);

            public static Tensor conv_transpose1d(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? output_padding = null, long? dilation = null, long groups = 1) =>
                ConvolveTransposed("conv_transpose1d", input, weight, bias, [stride ?? 1], [padding ?? 0], [output_padding ?? 0], [dilation ?? 1], groups);

            public static Tensor conv_transpose3d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null, long[]? dilation = null, long groups = 1) =>
                ConvolveTransposed("conv_transpose3d.input", input, weight, bias, strides ?? Thrice(1), padding ?? Thrice(0), output_padding ?? Thrice(0), dilation ?? Thrice(1), groups);

            /// <summary>Normalises each channel of each sample, or by the running statistics when use_input_stats is false.</summary>
            public static Tensor instance_norm(Tensor input, Tensor? running_mean = null, Tensor? running_var = null, Tensor? weight = null, Tensor? bias = null, bool use_input_stats = true, double momentum = 0.1, double eps = 1e-05) =>
                Aten.Call("instance_norm", input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, true);

            internal static Tensor Convolve(string op, Tensor input, Tensor weight, Tensor? bias, long[] stride, long[] padding, long[] dilation, long groups) =>
                Aten.Call(op, input, weight, bias, stride, padding, dilation, groups);

            internal static Tensor ConvolveTransposed(string op, Tensor input, Tensor weight, Tensor? bias, long[] stride, long[] padding, long[] output_padding, long[] dilation, long groups) =>
                Aten.Call(op, input, weight, bias, stride, padding, output_padding, groups, dilation);

            internal static long[] Thrice(long value) => [value, value, value];

            internal static long[]? Thrice(long? value) => value is { } v ? [v, v, v] : null;
        }
    }
}
