using Osteon.Torch;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // With inplace, the input itself is changed and returned.
        public static partial class functional
        {
            public static Tensor gelu(Tensor x) => Gelu.Of(x, Modules.GELU.Approximate.none);

            public static Tensor gelu(Tensor x, bool inplace) => gelu(x, Modules.GELU.Approximate.none, inplace);

            /// <summary>x·Φ(x); its gradient is right also where this libtorch's own operator is not.</summary>
            public static Tensor gelu(Tensor x, GELU.Approximate approximate, bool inplace = false)
            {
                if (!inplace)
                {
                    return Gelu.Of(x, approximate);
                }

                // Autograd still needs the values that are overwritten.
                using var scope = NewDisposeScope();
                return x.copy_(Gelu.Of(x.clone(), approximate));
            }

            public static Tensor leaky_relu(Tensor input, double negative_slope, bool inplace) => Either("leaky_relu", inplace, input, negative_slope);

            public static Tensor silu(Tensor x, bool inplace) => Either("silu", inplace, x);

            public static Tensor sigmoid(Tensor x, bool inplace) => Either("sigmoid", inplace, x);

            public static Tensor mish(Tensor x, bool inplace = false) => Either("mish", inplace, x);

            public static Tensor elu(Tensor x, double alpha = 1, bool inplace = false) => Either("elu", inplace, x, alpha);

            public static Tensor celu(Tensor x, double alpha = 1, bool inplace = false) => Either("celu", inplace, x, alpha);

            public static Tensor selu(Tensor x, bool inplace = false) => Either("selu", inplace, x);

            public static Tensor tanh(Tensor x, bool inplace = false) => Either("tanh", inplace, x);

            public static Tensor relu6(Tensor x, bool inplace = false) => hardtanh(x, 0, 6, inplace);

            public static Tensor hardtanh(Tensor x, double min_val = -1, double max_val = 1, bool inplace = false) => Either("hardtanh", inplace, x, min_val, max_val);

            public static Tensor hardswish(Tensor input, bool inplace = false) => Either("hardswish", inplace, input);

            public static Tensor hardsigmoid(Tensor input, bool inplace = false) => Either("hardsigmoid", inplace, input);

            /// <summary>The weight has one element, or one a channel (dimension 1).</summary>
            public static Tensor prelu(Tensor input, Tensor weight) => Aten.Call("prelu", input, weight);

            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => Aten.Call("softplus", x, beta, threshold);

            public static Tensor softsign(Tensor x)
            {
                using var scope = NewDisposeScope();
                return (x / (x.abs() + 1)).MoveToOuterDisposeScope();
            }

            /// <summary>Softmax over the channels of (N, C, H, W) or (C, H, W).</summary>
            public static Tensor softmax2d(Tensor x) => x.softmax(-3);

            public static Tensor glu(Tensor input, long dim = -1) => Aten.Call("glu", input, dim);

            private static Tensor Either(string op, bool inplace, Tensor input, params ReadOnlySpan<Argument> rest)
            {
                if (!inplace)
                {
                    return Widened.Activation(op, input, rest);
                }

                if (input.dtype == ScalarType.BFloat16 && !input.is_cuda)
                {
                    using var scope = NewDisposeScope();
                    return input.copy_(Widened.Activation(op, input.clone(), rest));
                }

                Aten.Run(op + "_", [input, .. rest]);
                return input;
            }
        }
    }
}
