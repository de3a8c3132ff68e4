using Osteon.Abstractions;
using static TorchSharp.torch;

namespace Osteon.Plugins.Losses.Segmentation;

/// <summary>Options of <see cref="MccLoss"/>.</summary>
public sealed record MccOptions
{
    /// <summary>Added to each of the four counts.</summary>
    public double Eps { get; init; } = 1e-5;

    /// <summary>False: what comes in are probabilities. SMP has no such option and always takes them so.</summary>
    public bool FromLogits { get; init; } = true;
}

/// <summary>One minus Matthews' correlation of soft counts, all pixels of the batch and all its classes together; SMP's MCCLoss.</summary>
/// <remarks>Abhishek, Hamarneh 2021, arXiv:2010.13454. Multilabel only, best with one class. A batch without a positive counts near 1.</remarks>
[Loss("MCC")]
[Loss("MCCLoss")]
public sealed class MccLoss(MccOptions options) : Loss
{
    private readonly double _eps = options.Eps > 0 ? options.Eps : throw new ConfigurationException($"eps {options.Eps} must be above 0.");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor logits, Tensor targets, LabelMode mode)
    {
        if (mode == LabelMode.Multiclass)
        {
            throw new ConfigurationException("Loss MCC needs data.mode: multilabel: it correlates yes with yes.");
        }

        using var scope = NewDisposeScope();
        var p = options.FromLogits ? logits.sigmoid() : logits;
        var tp = (p * targets).sum() + _eps;
        var tn = ((1 - p) * (1 - targets)).sum() + _eps;
        var fp = (p * (1 - targets)).sum() + _eps;
        var fn = ((1 - p) * targets).sum() + _eps;
        return (1 - (((tp * tn) - (fp * fn)) / ((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)).sqrt())).MoveToOuterDisposeScope();
    }
}
