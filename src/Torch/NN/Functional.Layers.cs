using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Layers without state. Images are (N, C, H, W); pairs are height before width.</summary>
        public static partial class functional
        {
            private static readonly long[] s_zero = [0, 0];
            private static readonly long[] s_one = [1, 1];

            public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Aten.Call("conv2d", input, weight, bias, strides ?? s_one, padding ?? s_zero, dilation ?? s_one, groups);

            public static Tensor conv_transpose2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null, long[]? dilation = null, long groups = 1) =>
                Aten.Call("conv_transpose2d.input", input, weight, bias, strides ?? s_one, padding ?? s_zero, output_padding ?? s_zero, groups, dilation ?? s_one);

            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Aten.Call("linear", input, weights, bias);

            public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1e-05) =>
                Aten.Call("batch_norm", input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Widened.Normalisation("group_norm", input, x => Aten.Call("group_norm", x, num_groups, weight, bias, eps), x => Aten.Call("group_norm", x, 2, ones(8), zeros(8), 1e-5));

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Widened.Normalisation("layer_norm", input, x => Aten.Call("layer_norm", x, normalized_shape, weight, bias, eps), x => Aten.Call("layer_norm", x, new[] { 8L }, ones(8), zeros(8), 1e-5));

            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_() : x.relu();

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01) => Either("leaky_relu", false, input, negative_slope);

            public static Tensor silu(Tensor x) => Either("silu", false, x);

            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            public static Tensor softmax(Tensor input, long dim) => input.softmax(dim);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            public static Tensor logsigmoid(Tensor x) => Aten.Call("log_sigmoid", x);

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => Drop("dropout", input, p, training, inplace);

            /// <summary>Drops whole channels.</summary>
            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => Drop("feature_dropout", input, p, training, inplace);

            public static Tensor max_pool2d(Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                Aten.Call("max_pool2d", input, kernel_size, stride ?? kernel_size, padding ?? s_zero, dilation ?? s_one, ceil_mode);

            public static Tensor max_pool2d(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, Both(kernel_size), Both(stride), Both(padding), Both(dilation), ceil_mode);

            public static Tensor avg_pool2d(Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                Aten.Call("avg_pool2d", input, kernel_size, stride ?? kernel_size, padding ?? s_zero, ceil_mode, count_include_pad, divisor_override);

            public static Tensor avg_pool2d(Tensor input, long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                avg_pool2d(input, Both(kernel_size), Both(stride), Both(padding), ceil_mode, count_include_pad, divisor_override);

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) =>
                Separable.Of("adaptive_avg_pool2d", input, 2, only => [Separable.Only(output_size, only, 1)]);

            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) => adaptive_avg_pool2d(input, Both(output_size));

            /// <summary>Adds a border.</summary>
            /// <param name="input">Any shape.</param>
            /// <param name="pad">Before and after, from the last dimension backwards: left, right, top, bottom, ….</param>
            /// <param name="mode">What lies beyond.</param>
            /// <param name="value">For constant padding.</param>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => mode switch
            {
                PaddingModes.Constant or PaddingModes.Zeros => Aten.Call("constant_pad_nd", input, pad, mode == PaddingModes.Zeros ? 0 : value),
                PaddingModes.Reflect => Separable.Of($"reflection_pad{pad.Length / 2}d", input, pad.Length / 2, only => [Separable.OnlySides(pad, only)]),
                PaddingModes.Replicate => Separable.Of($"replication_pad{pad.Length / 2}d", input, pad.Length / 2, only => [Separable.OnlySides(pad, only)]),
                _ => Aten.Call("_pad_circular", input, pad),
            };

            internal static long[] Both(long value) => [value, value];

            internal static long[]? Both(long? value) => value is { } v ? [v, v] : null;

            private static Tensor Drop(string op, Tensor input, double p, bool training, bool inplace)
            {
                if (!inplace)
                {
                    return Aten.Call(op, input, p, training);
                }

                Aten.Run(op + "_", input, p, training);
                return input;
            }
        }
    }
}
