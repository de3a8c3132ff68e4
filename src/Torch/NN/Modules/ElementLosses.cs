using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary><see cref="functional.mse_loss"/></summary>
public sealed class MSELoss : Loss<Tensor, Tensor, Tensor>
{
    internal MSELoss(Reduction reduction)
        : base(reduction)
    {
    }

    public override Tensor forward(Tensor input, Tensor target) => functional.mse_loss(input, target, reduction);
}

/// <summary><see cref="functional.l1_loss"/></summary>
public sealed class L1Loss : Loss<Tensor, Tensor, Tensor>
{
    internal L1Loss(Reduction reduction)
        : base(reduction)
    {
    }

    public override Tensor forward(Tensor input, Tensor target) => functional.l1_loss(input, target, reduction);
}

/// <summary><see cref="functional.smooth_l1_loss"/></summary>
public sealed class SmoothL1Loss : Loss<Tensor, Tensor, Tensor>
{
    private readonly double _beta;

    internal SmoothL1Loss(Reduction reduction, double beta)
        : base(reduction) => _beta = beta;

    public override Tensor forward(Tensor input, Tensor target) => functional.smooth_l1_loss(input, target, reduction, _beta);
}

/// <summary><see cref="functional.huber_loss"/></summary>
public sealed class HuberLoss : Loss<Tensor, Tensor, Tensor>
{
    private readonly double _delta;

    internal HuberLoss(double delta, Reduction reduction)
        : base(reduction) => _delta = delta;

    public override Tensor forward(Tensor input, Tensor target) => functional.huber_loss(input, target, _delta, reduction);
}

/// <summary><see cref="functional.soft_margin_loss"/></summary>
public sealed class SoftMarginLoss : Loss<Tensor, Tensor, Tensor>
{
    internal SoftMarginLoss(Reduction reduction)
        : base(reduction)
    {
    }

    public override Tensor forward(Tensor input, Tensor target) => functional.soft_margin_loss(input, target, reduction);
}

/// <summary><see cref="functional.hinge_embedding_loss"/></summary>
public sealed class HingeEmbeddingLoss : Loss<Tensor, Tensor, Tensor>
{
    private readonly double _margin;

    internal HingeEmbeddingLoss(double margin, Reduction reduction)
        : base(reduction) => _margin = margin;

    public override Tensor forward(Tensor input, Tensor target) => functional.hinge_embedding_loss(input, target, _margin, reduction);
}

/// <summary><see cref="functional.multi_label_margin_loss"/></summary>
public sealed class MultiLabelMarginLoss : Loss<Tensor, Tensor, Tensor>
{
    internal MultiLabelMarginLoss(Reduction reduction)
        : base(reduction)
    {
    }

    public override Tensor forward(Tensor input, Tensor target) => functional.multi_label_margin_loss(input, target, reduction);
}

/// <summary><see cref="functional.multilabel_soft_margin_loss"/></summary>
public sealed class MultiLabelSoftMarginLoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    internal MultiLabelSoftMarginLoss(Tensor? weight, Reduction reduction)
        : base(weight, reduction)
    {
    }

    public override Tensor forward(Tensor input, Tensor target) => functional.multilabel_soft_margin_loss(input, target, weight, reduction);
}

/// <summary><see cref="functional.multi_margin_loss"/></summary>
public sealed class MultiMarginLoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    private readonly int _p;
    private readonly double _margin;

    internal MultiMarginLoss(int p, double margin, Tensor? weight, Reduction reduction)
        : base(weight, reduction) =>
        (_p, _margin) = (p, margin);

    public override Tensor forward(Tensor input, Tensor target) => functional.multi_margin_loss(input, target, _p, _margin, weight, reduction);
}
