using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Distances between vectors (N, D), and losses made of margins.
        public static partial class functional
        {
            /// <summary>The p-norm of x1 − x2 + eps over the last dimension.</summary>
            public static Tensor pairwise_distance(Tensor input1, Tensor input2, double p = 2, double eps = 1e-6, bool keepdim = false) =>
                Aten.Call("pairwise_distance", input1, input2, p, eps, keepdim);

            /// <summary>How unlikely label sequences are, whatever their timing (Graves et al. 2006).</summary>
            /// <param name="log_probs">(T, N, C), logarithms of probabilities.</param>
            /// <param name="targets">(N, S), classes but the blank; or all sequences one after the other.</param>
            /// <param name="input_lengths">(N), at most T.</param>
            /// <param name="target_lengths">(N), at most S.</param>
            /// <param name="blank">The class that stands for no label.</param>
            /// <param name="zero_infinity">Makes the loss of a target longer than its input 0.</param>
            /// <param name="reduction">Mean divides each loss by its target's length first.</param>
            public static Tensor ctc_loss(Tensor log_probs, Tensor targets, Tensor input_lengths, Tensor target_lengths, long blank = 0, bool zero_infinity = false, Reduction reduction = Reduction.Mean) =>
                Aten.Call("ctc_loss.Tensor", log_probs, targets, input_lengths, target_lengths, blank, (long)reduction, zero_infinity);

            /// <summary>1 − cosine where the target is 1, max(0, cosine − margin) where it is −1.</summary>
            public static Tensor cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0, Reduction reduction = Reduction.Mean) =>
                Aten.Call("cosine_embedding_loss", input1, input2, target, margin, (long)reduction);

            /// <summary>The input where the target is 1, max(0, margin − input) where it is −1.</summary>
            /// <remarks>The default of margin is TorchSharp's; PyTorch's is 1.</remarks>
            public static Tensor hinge_embedding_loss(Tensor input, Tensor target, double margin = 0, Reduction reduction = Reduction.Mean) =>
                Aten.Call("hinge_embedding_loss", input, target, margin, (long)reduction);

            /// <summary>max(0, −target · (input1 − input2) + margin): 1 ranks the first higher, −1 the second.</summary>
            public static Tensor margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0, Reduction reduction = Reduction.Mean) =>
                Aten.Call("margin_ranking_loss", input1, input2, target, margin, (long)reduction);

            /// <summary>Of several classes a sample: (N, C) and their indices, ended by −1 (int64, the same shape).</summary>
            public static Tensor multi_label_margin_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Aten.Call("multilabel_margin_loss", input, target, (long)reduction);

            /// <summary>Of several classes a sample: (N, C) logits and 0 or 1 for each; averaged over classes first.</summary>
            public static Tensor multilabel_soft_margin_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
            {
                using var scope = NewDisposeScope();
                return Reduced(binary_cross_entropy_with_logits(input, target, weight, Reduction.None).mean([-1]), reduction).MoveToOuterDisposeScope();
            }

            /// <summary>Σ max(0, margin − x[target] + x[i])^p / C of (N, C) and class indices (N).</summary>
            public static Tensor multi_margin_loss(Tensor input, Tensor target, int p = 1, double margin = 1, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Aten.Call("multi_margin_loss", input, target, p, margin, weight, (long)reduction);

            /// <summary>max(0, distance to the positive − distance to the negative + margin).</summary>
            public static Tensor triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, double margin = 1, long p = 2, double eps = 1e-6, bool swap = false, Reduction reduction = Reduction.Mean) =>
                Aten.Call("triplet_margin_loss", anchor, positive, negative, margin, (double)p, eps, swap, (long)reduction);

            /// <summary>As triplet_margin_loss, by a distance of one's own; null: pairwise_distance.</summary>
            public static Tensor triplet_margin_with_distance_loss(Tensor anchor, Tensor positive, Tensor negative, Func<Tensor, Tensor, Tensor>? distance = null, double margin = 1, bool swap = false, Reduction reduction = Reduction.Mean)
            {
                using var scope = NewDisposeScope();
                distance ??= static (a, b) => pairwise_distance(a, b);
                var apart = distance(anchor, negative);
                if (swap)
                {
                    apart = apart.minimum(distance(positive, negative));
                }

                return Reduced((distance(anchor, positive) - apart + margin).clamp(min: 0), reduction).MoveToOuterDisposeScope();
            }

            /// <summary>x1·W·x2 + b for each of the weight's (out, in1, in2) matrices.</summary>
            public static Tensor bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias = null) => Aten.Call("bilinear", input1, input2, weight, bias);
        }
    }
}
