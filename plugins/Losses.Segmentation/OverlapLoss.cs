using Osteon.Abstractions;
using static TorchSharp.torch;

namespace Osteon.Plugins.Losses.Segmentation;

/// <summary>What all overlap losses share; SMP's names and defaults.</summary>
public record OverlapOptions
{
    /// <summary>Added to numerator and denominator; 0 leaves the score as it is.</summary>
    public double Smooth { get; init; }

    /// <summary>The least denominator.</summary>
    public double Eps { get; init; } = 1e-7;

    /// <summary>True: -log(score) instead of 1 - score.</summary>
    public bool LogLoss { get; init; }

    /// <summary>Channels that count, from 0; empty: all.</summary>
    public IReadOnlyList<int> Classes { get; init; } = [];

    /// <summary>A weight for each class of the experiment in the mean over classes; empty: all the same.</summary>
    public IReadOnlyList<double> ClassWeights { get; init; } = [];

    /// <summary>Multilabel: targets of this value do not count. Multiclass: pixels of this class do not.</summary>
    public int? IgnoreIndex { get; init; }

    /// <summary>False: what comes in are probabilities.</summary>
    public bool FromLogits { get; init; } = true;
}

/// <summary>One minus a Tversky score for each class, over all pixels of the batch at once; the mean over classes.</summary>
/// <remarks>
/// The empty rule is SMP's: a class that no target pixel of the batch has counts 0, whatever is predicted, and still divides
/// the mean. In multiclass mode a pixel without any class does not count. Formula: Salehi et al. 2017, arXiv:1706.05721, with
/// the intersection of Wang et al. 2023, arXiv:2302.05666, which is right for soft targets too.
/// </remarks>
public abstract class OverlapLoss : Loss
{
    private readonly OverlapOptions _options;
    private readonly float[] _weights;
    private readonly double _alpha, _beta, _gamma;

    private protected OverlapLoss(OverlapOptions options, double alpha, double beta, double gamma = 1)
    {
        _options = options switch
        {
            { Smooth: not >= 0 } => throw new ConfigurationException($"smooth {options.Smooth} must be at least 0."),
            { Eps: not > 0 } => throw new ConfigurationException($"eps {options.Eps} must be above 0."),
            _ when options.Classes.Any(c => c < 0) => throw new ConfigurationException($"classes [{string.Join(", ", options.Classes)}] are channel numbers, from 0."),
            _ => options,
        };
        _weights = ClassWeights.Checked("class_weights", options.ClassWeights);
        (_alpha, _beta, _gamma) = (alpha, beta, gamma);
    }

    /// <inheritdoc/>
    public sealed override Tensor Forward(Tensor logits, Tensor targets, LabelMode mode)
    {
        using var scope = NewDisposeScope();
        var (labels, counted) = CountedTargets.Of(targets, mode, _options.IgnoreIndex);
        var probabilities = _options.FromLogits ? Probabilities.Of(logits, mode) : logits;
        var losses = Losses(counted is null ? probabilities : probabilities * counted, labels);
        var mean = Mean(losses, logits);
        return (_gamma == 1 ? mean : mean.pow(_gamma)).MoveToOuterDisposeScope();
    }

    private Tensor Losses(Tensor probabilities, Tensor targets)
    {
        long[] batchAndPixels = [0, 2, 3];
        var predicted = probabilities.sum(batchAndPixels);                                      // (K)
        var present = targets.sum(batchAndPixels);
        var difference = (probabilities - targets).abs().sum(batchAndPixels);
        var intersection = (predicted + present - difference) / 2;
        var weighted = intersection + ((predicted - intersection) * _alpha) + ((present - intersection) * _beta);
        var score = (intersection + _options.Smooth) / (weighted + _options.Smooth).clamp(min: _options.Eps);
        var loss = _options.LogLoss ? -score.clamp(min: _options.Eps).log() : 1 - score;
        return loss * (present > 0).to(loss.dtype);
    }

    private Tensor Mean(Tensor losses, Tensor logits)
    {
        var weights = ClassWeights.Of("class_weights", _weights, logits)?.flatten().expand(losses.shape[0]);
        if (_options.Classes.Count > 0)
        {
            Demand(_options.Classes, losses.shape[0]);
            var chosen = tensor(_options.Classes.Select(c => (long)c).ToArray(), device: losses.device);
            losses = losses.index_select(0, chosen);
            weights = weights?.index_select(0, chosen);
        }

        return weights is null ? losses.mean() : (losses * weights).sum() / weights.sum();
    }

    private static void Demand(IReadOnlyList<int> chosen, long classes)
    {
        if (chosen.Any(c => c >= classes))
        {
            throw new ConfigurationException($"classes [{string.Join(", ", chosen)}] are channel numbers; the experiment has 0 to {classes - 1}.");
        }
    }
}

/// <summary>Soft Dice.</summary>
[Loss("Dice")]
[Loss("DiceLoss")]
public sealed class DiceLoss(OverlapOptions options) : OverlapLoss(options, 0.5, 0.5);

/// <summary>Soft Jaccard, or IoU.</summary>
[Loss("Jaccard")]
[Loss("JaccardLoss")]
public sealed class JaccardLoss(OverlapOptions options) : OverlapLoss(options, 1, 1);

/// <summary>SMP's options and defaults.</summary>
public sealed record TverskyOptions : OverlapOptions
{
    /// <summary>Weight of false positives.</summary>
    public double Alpha { get; init; } = 0.5;

    /// <summary>Weight of false negatives; above alpha where missing a structure is worse than drawing it too large.</summary>
    public double Beta { get; init; } = 0.5;

    /// <summary>Exponent of the whole loss.</summary>
    public double Gamma { get; init; } = 1;
}

/// <summary>Dice with its two errors weighed apart.</summary>
[Loss("Tversky")]
[Loss("TverskyLoss")]
public sealed class TverskyLoss(TverskyOptions options) : OverlapLoss(
    options,
    options.Alpha >= 0 ? options.Alpha : throw new ConfigurationException($"alpha {options.Alpha} must be at least 0."),
    options.Beta >= 0 ? options.Beta : throw new ConfigurationException($"beta {options.Beta} must be at least 0."),
    options.Gamma > 0 ? options.Gamma : throw new ConfigurationException($"gamma {options.Gamma} must be above 0."));
