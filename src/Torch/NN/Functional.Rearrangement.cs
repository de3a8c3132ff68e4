using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Drops whole channels of (N, C, D, H, W).</summary>
            public static Tensor dropout3d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => Drop("feature_dropout", input, p, training, inplace);

            /// <summary>(N, C·r², H, W) to (N, C, H·r, W·r).</summary>
            public static Tensor pixel_shuffle(Tensor input, long upscale_factor) => Aten.Call("pixel_shuffle", input, upscale_factor);

            /// <summary>(N, C, H·r, W·r) to (N, C·r², H, W).</summary>
            public static Tensor pixel_unshuffle(Tensor input, long downscale_factor) => Aten.Call("pixel_unshuffle", input, downscale_factor);

            /// <summary>Windows of (N, C, H, W) as the columns of (N, C·kernel, windows).</summary>
            public static Tensor unfold(Tensor input, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null) =>
                Aten.Call("im2col", input, Pair(kernel_size), Pair(dilation ?? (1, 1)), Pair(padding ?? (0, 0)), Pair(stride ?? (1, 1)));

            public static Tensor unfold(Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                unfold(input, (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));

            /// <summary>Columns back to (N, C, H, W); where windows overlap, values add up.</summary>
            public static Tensor fold(Tensor input, (long, long) output_size, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null) =>
                Aten.Call("col2im", input, Pair(output_size), Pair(kernel_size), Pair(dilation ?? (1, 1)), Pair(padding ?? (0, 0)), Pair(stride ?? (1, 1)));

            public static Tensor fold(Tensor input, long output_size, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                fold(input, (output_size, output_size), (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));

            /// <summary>The rows of the weight that the indices name.</summary>
            public static Tensor embedding(Tensor x, Tensor weight, long? padding_idx = null, bool scale_grad_by_freq = false, bool sparse = false) =>
                Aten.Call("embedding", weight, x, padding_idx ?? -1, scale_grad_by_freq, sparse);

            /// <summary>Interleaves the channels of so many groups (Zhang et al. 2017, arXiv:1707.01083).</summary>
            public static Tensor channel_shuffle(Tensor input, long groups)
            {
                // libtorch 1.13's own operator has no gradient.
                using var scope = NewDisposeScope();
                var grouped = input.unflatten(1, groups, input.size(1) / groups);
                return grouped.transpose(1, 2).reshape(input.shape).MoveToOuterDisposeScope();
            }

            /// <summary>Cosine of the angle between vectors along a dimension.</summary>
            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1e-8) => Aten.Call("cosine_similarity", x1, x2, dim, eps);

            /// <summary>Divides by the p-norm along a dimension, or by eps where that is less.</summary>
            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1e-12)
            {
                using var scope = NewDisposeScope();
                return (input / Aten.Call("norm.ScalarOpt_dim", input, p, new[] { dim }, true).clamp(min: eps)).MoveToOuterDisposeScope();
            }

            /// <summary>softmax(q·kᵀ/√E)·v over the last two dimensions, composed of matrix products.</summary>
            /// <param name="query">(…, L, E).</param>
            /// <param name="key">(…, S, E).</param>
            /// <param name="value">(…, S, Ev).</param>
            /// <param name="attn_mask">True where a key may be seen, or numbers added to the scores; broadcast to (…, L, S).</param>
            /// <param name="p">Share of weights dropped.</param>
            /// <param name="is_casual">Whether each position sees itself and earlier ones only.</param>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0, bool is_casual = false)
            {
                if (is_casual && attn_mask is not null)
                {
                    throw new ArgumentException("Give either is_casual or attn_mask.", nameof(attn_mask));
                }

                using var scope = NewDisposeScope();
                var (length, keys) = (query.shape[^2], key.shape[^2]);
                var scores = (query * (1 / Math.Sqrt(query.shape[^1]))).matmul(key.transpose(-2, -1));
                var seen = is_casual ? ones([length, keys], ScalarType.Bool, query.device).tril() : attn_mask;
                if (seen is not null)
                {
                    scores = seen.dtype == ScalarType.Bool ? scores.masked_fill(seen.logical_not(), double.NegativeInfinity) : scores + seen;
                }

                return dropout(scores.softmax(-1), p).matmul(value).MoveToOuterDisposeScope();
            }
        }
    }
}
