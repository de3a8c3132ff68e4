using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Inputs and targets have one shape unless said otherwise; Reduction.Mean averages over all of their elements.
        public static partial class functional
        {
            /// <summary>Cross-entropy of probabilities in [0, 1]; logarithms are cut at −100.</summary>
            public static Tensor binary_cross_entropy(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Aten.Call("binary_cross_entropy", input, target, weight, (long)reduction);

            /// <summary>Cross-entropy of a sigmoid, computed from logits without overflow.</summary>
            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) =>
                Aten.Call("binary_cross_entropy_with_logits", input, target, weight, pos_weights, (long)reduction);

            /// <summary>Cross-entropy of a softmax over dimension 1; targets are class indices, or probabilities of the logits' shape.</summary>
            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
                CrossEntropy.Of(input, target, weight, reduction, ignore_index, label_smoothing);

            /// <summary>Minus the log-probability, over dimension 1, of each target's class.</summary>
            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, long ignore_index = -100) =>
                Aten.Call("nll_loss_nd", input, target, weight, (long)reduction, ignore_index);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => Aten.Call("mse_loss", input, target, (long)reduction);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => Aten.Call("l1_loss", input, target, (long)reduction);

            /// <summary>Half the square divided by beta where the difference is below beta, the difference less half of beta elsewhere.</summary>
            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1) =>
                Aten.Call("smooth_l1_loss", input, target, (long)reduction, beta);

            /// <summary>As smooth_l1_loss, times delta.</summary>
            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1, Reduction reduction = Reduction.Mean) =>
                Aten.Call("huber_loss", input, target, (long)reduction, delta);

            /// <summary>Kullback–Leibler divergence; the input holds log-probabilities, the target too if log_target.</summary>
            /// <remarks>The default of log_target is TorchSharp's; PyTorch's is false. Mean is over elements, not samples.</remarks>
            public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean) =>
                Aten.Call("kl_div", input, target, (long)reduction, log_target);

            /// <summary>Of counts whose rate, or its logarithm if log_input, is the input; full adds Stirling's term.</summary>
            public static Tensor poisson_nll_loss(Tensor input, Tensor target, bool log_input = true, bool full = false, float eps = 1e-8f, Reduction reduction = Reduction.Mean) =>
                Aten.Call("poisson_nll_loss", input, target, log_input, full, (double)eps, (long)reduction);

            /// <summary>Of normal distributions with the input for a mean; variances are at least eps.</summary>
            public static Tensor gaussian_nll_loss(Tensor input, Tensor target, Tensor variance, bool full = false, float eps = 1e-6f, Reduction reduction = Reduction.Mean)
            {
                using var scope = NewDisposeScope();
                // The floor is a constant to autograd, as in PyTorch.
                var floored = variance + (variance.detach().clamp(min: eps) - variance.detach());
                var loss = ((input - target).square() / floored + floored.log()) * 0.5;
                return Reduced(full ? loss + (0.5 * Math.Log(2 * Math.PI)) : loss, reduction).MoveToOuterDisposeScope();
            }

            /// <summary>log(1 + exp(−target · input)) for targets of 1 and −1.</summary>
            public static Tensor soft_margin_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => Aten.Call("soft_margin_loss", input, target, (long)reduction);

            /// <summary>Class indices as a last dimension of zeros and one 1.</summary>
            public static Tensor one_hot(Tensor x, long num_classes = -1) => Aten.Call("one_hot", x, num_classes);

            private static Tensor Reduced(Tensor loss, Reduction reduction) =>
                reduction == Reduction.Mean ? loss.mean() : reduction == Reduction.Sum ? loss.sum() : loss;
        }
    }
}
