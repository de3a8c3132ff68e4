using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary><see cref="functional.binary_cross_entropy"/></summary>
public sealed class BCELoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    internal BCELoss(Tensor? weight, Reduction reduction)
        : base(weight, reduction)
    {
    }

    public override Tensor forward(Tensor input, Tensor target) => functional.binary_cross_entropy(input, target, weight, reduction);
}

/// <summary><see cref="functional.binary_cross_entropy_with_logits"/></summary>
public sealed class BCEWithLogitsLoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    internal BCEWithLogitsLoss(Tensor? weight, Reduction reduction, Tensor? pos_weights)
        : base(weight, reduction)
    {
        this.pos_weights = pos_weights;
        register_buffer(nameof(pos_weights), pos_weights, persistent: false);
    }

    /// <summary>What positives count against negatives.</summary>
    public Tensor? pos_weights { get; }

    public override Tensor forward(Tensor input, Tensor target) => functional.binary_cross_entropy_with_logits(input, target, weight, reduction, pos_weights);
}

/// <summary><see cref="functional.cross_entropy"/></summary>
public sealed class CrossEntropyLoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    private readonly long _ignore_index;
    private readonly double _label_smoothing;

    internal CrossEntropyLoss(Tensor? weight, long ignore_index, Reduction reduction, double label_smoothing)
        : base(weight, reduction) =>
        (_ignore_index, _label_smoothing) = (ignore_index, label_smoothing);

    public override Tensor forward(Tensor input, Tensor target) => functional.cross_entropy(input, target, weight, _ignore_index, reduction, _label_smoothing);
}

/// <summary><see cref="functional.nll_loss"/></summary>
public sealed class NLLLoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    private readonly long _ignore_index;

    internal NLLLoss(Tensor? weight, Reduction reduction, long ignore_index)
        : base(weight, reduction) => _ignore_index = ignore_index;

    public override Tensor forward(Tensor input, Tensor target) => functional.nll_loss(input, target, weight, reduction, _ignore_index);
}

/// <summary><see cref="functional.kl_div"/></summary>
public sealed class KLDivLoss : Loss<Tensor, Tensor, Tensor>
{
    private readonly bool _log_target;

    internal KLDivLoss(bool log_target, Reduction reduction)
        : base(reduction) => _log_target = log_target;

    public override Tensor forward(Tensor input, Tensor target) => functional.kl_div(input, target, _log_target, reduction);
}

/// <summary><see cref="functional.poisson_nll_loss"/></summary>
public sealed class PoissonNLLLoss : Loss<Tensor, Tensor, Tensor>
{
    private readonly bool _log_input;
    private readonly bool _full;
    private readonly float _eps;

    internal PoissonNLLLoss(bool log_input, bool full, float eps, Reduction reduction)
        : base(reduction) =>
        (_log_input, _full, _eps) = (log_input, full, eps);

    public override Tensor forward(Tensor input, Tensor target) => functional.poisson_nll_loss(input, target, _log_input, _full, _eps, reduction);
}

/// <summary><see cref="functional.gaussian_nll_loss"/></summary>
public sealed class GaussianNLLLoss : Loss<Tensor, Tensor, Tensor, Tensor>
{
    private readonly bool _full;
    private readonly float _eps;

    internal GaussianNLLLoss(bool full, float eps, Reduction reduction)
        : base(reduction) =>
        (_full, _eps) = (full, eps);

    public override Tensor forward(Tensor input, Tensor target, Tensor variance) => functional.gaussian_nll_loss(input, target, variance, _full, _eps, reduction);
}
