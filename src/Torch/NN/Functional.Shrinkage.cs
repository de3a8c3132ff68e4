using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Dropout that keeps mean and deviation, shrinkage, and norms over windows.
        public static partial class functional
        {
            /// <summary>Dropout for SELU networks (Klambauer et al. 2017, arXiv:1706.02515).</summary>
            public static Tensor alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) => Drop("alpha_dropout", input, p, training, inplace);

            /// <summary>As alpha_dropout, by whole channels.</summary>
            public static Tensor feature_alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) => Drop("feature_alpha_dropout", input, p, training, inplace);

            /// <summary>Drops whole channels of (N, C, L).</summary>
            public static Tensor dropout1d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => Drop("feature_dropout", input, p, training, inplace);

            public static Tensor softmin(Tensor x, long dim)
            {
                using var scope = NewDisposeScope();
                return x.neg().softmax(dim).MoveToOuterDisposeScope();
            }

            /// <summary>x − λ above λ, x + λ below −λ, 0 between.</summary>
            public static Tensor softshrink(Tensor x, double lambda = 0.5) => Aten.Call("softshrink", x, (Scalar)lambda);

            /// <summary>x, but 0 within [−λ, λ].</summary>
            public static Tensor hardshrink(Tensor x, double lambda = 0.5) => Aten.Call("hardshrink", x, (Scalar)lambda);

            public static Tensor tanhshrink(Tensor x)
            {
                using var scope = NewDisposeScope();
                return (x - x.tanh()).MoveToOuterDisposeScope();
            }

            /// <summary>x above the threshold, the value elsewhere.</summary>
            public static Tensor threshold(Tensor x, double threshold, double value, bool inplace = false) => Either("threshold", inplace, x, (Scalar)threshold, (Scalar)value);

            /// <summary>A leaky ReLU whose slope is drawn from [lower, upper] for each element in training, and their mean otherwise.</summary>
            public static Tensor rrelu(Tensor x, double lower = 1.0 / 8, double upper = 1.0 / 3, bool inplace = false, bool training = false) => Either("rrelu", inplace, x, (Scalar)lower, (Scalar)upper, training);

            /// <summary>The p-norm of each window of (N, C, L).</summary>
            public static Tensor lp_pool1d(Tensor input, double norm_type, long kernel_size, long? stride = null, bool ceil_mode = false)
            {
                using var scope = NewDisposeScope();
                return Root(avg_pool1d(input.pow(norm_type), kernel_size, stride, 0, ceil_mode), norm_type, kernel_size).MoveToOuterDisposeScope();
            }

            /// <summary>The p-norm of each window of (N, C, H, W).</summary>
            public static Tensor lp_pool2d(Tensor input, double norm_type, long[] kernel_size, long[]? stride = null, bool ceil_mode = false)
            {
                using var scope = NewDisposeScope();
                return Root(avg_pool2d(input.pow(norm_type), kernel_size, stride, s_zero, ceil_mode), norm_type, kernel_size[0] * kernel_size[1]).MoveToOuterDisposeScope();
            }

            public static Tensor lp_pool2d(Tensor input, double norm_type, long kernel_size, long? stride = null, bool ceil_mode = false) =>
                lp_pool2d(input, norm_type, Both(kernel_size), Both(stride), ceil_mode);

            /// <summary>Divides each value by (k + α · the mean square of its neighbours in size channels)^β (Krizhevsky et al. 2012).</summary>
            public static Tensor local_response_norm(Tensor input, long size, double alpha = 1e-4, double beta = 0.75, double k = 1)
            {
                using var scope = NewDisposeScope();
                var squares = constant_pad(input.square().unsqueeze(1), input.ndim, size);
                var means = Aten.Call("avg_pool3d", squares, (long[])[size, 1, 1], (long[])[1, 1, 1]).squeeze(1);
                var shaped = means.reshape(input.shape);
                return (input / (shaped * alpha + k).pow(beta)).MoveToOuterDisposeScope();
            }

            /// <summary>(N, 1, C, …) with size / 2 channels of zeros before and (size − 1) / 2 after, and two dimensions behind C.</summary>
            private static Tensor constant_pad(Tensor squares, long dimensions, long size)
            {
                var shape = squares.shape;
                var volume = dimensions == 4 ? squares : squares.reshape(shape[0], 1, shape[2], dimensions == 3 ? 1 : shape[3], -1);
                return pad(volume, [0, 0, 0, 0, size / 2, (size - 1) / 2]);
            }

            /// <summary>From a mean of powers to the norm; sums below 0, of odd powers, give NaN, as in PyTorch.</summary>
            private static Tensor Root(Tensor mean, double p, long count) => (mean.sign() * mean.abs().relu() * count).pow(1 / p);
        }
    }
}
