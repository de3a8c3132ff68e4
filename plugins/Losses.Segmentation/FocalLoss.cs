using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Losses.Segmentation;

/// <summary>SMP's options and defaults.</summary>
public sealed record FocalOptions
{
    /// <summary>Weight of positive pixels, 1 - alpha of negative ones, in [0, 1]; null: no weighting.</summary>
    public double? Alpha { get; init; }

    /// <summary>How much pixels that are already right are played down; 0 is plain cross-entropy.</summary>
    public double Gamma { get; init; } = 2;

    /// <summary>Multilabel: targets of this value do not count. Multiclass: pixels of this class do not.</summary>
    public int? IgnoreIndex { get; init; }

    /// <summary>Over all pixels and images, of each class where classes are taken apart.</summary>
    public LossReduction Reduction { get; init; }

    /// <summary>Divides by the sum of the focal terms: Sun et al. 2019, arXiv:1909.07829.</summary>
    public bool Normalized { get; init; }

    /// <summary>Full weight for pixels whose right answer has a lower probability, in (0, 1]: Sergievskiy, Ponamarev 2019, arXiv:1903.01347. SMP advises reduction: sum.</summary>
    public double? ReducedThreshold { get; init; }

    /// <summary>
    /// The mean over classes, each taken for itself, instead of SMP 0.5's pooled pixels (multilabel) or sum (multiclass): what SMP's
    /// development branch does. Weights ask for it too.
    /// </summary>
    public bool AverageClasses { get; init; }

    /// <summary>A weight for each class in the mean over classes; empty: all the same.</summary>
    public IReadOnlyList<double> ClassWeights { get; init; } = [];

    /// <summary>
    /// Multiclass: of the softmax's probability of what is right, −(1 − p)^gamma · log p, as where whole images are classified, instead of SMP's
    /// sum over each class against the rest. Class weights are the alpha of each class then.
    /// </summary>
    public bool Softmax { get; init; }

    /// <summary>False: what comes in are probabilities.</summary>
    public bool FromLogits { get; init; } = true;

    /// <summary>Keeps such probabilities this far from 0 and 1.</summary>
    public double Eps { get; init; } = 1e-7;
}

/// <summary>Binary cross-entropy that leans on the pixels still wrong: the mean over pixels, over classes too, or in multiclass mode their sum.</summary>
/// <remarks>
/// Lin et al. 2017, arXiv:1708.02002. Multiclass treats each class against the rest and adds, as SMP 0.5 does. An empty class
/// counts as any other: each of its pixels is a negative. With softmax a pixel without any class does not count.
/// </remarks>
[Loss("Focal")]
[Loss("FocalLoss")]
public sealed class FocalLoss : Loss
{
    private const double LeastNorm = 1e-6;

    private readonly FocalOptions _options;
    private readonly float[] _weights;

    /// <summary>A focal loss.</summary>
    /// <exception cref="ConfigurationException">An option is out of range.</exception>
    public FocalLoss(FocalOptions options)
    {
        _options = options switch
        {
            { Alpha: not (null or (>= 0 and <= 1)) } => throw new ConfigurationException($"alpha {options.Alpha} is outside [0, 1]."),
            { Gamma: not (>= 0 and < double.PositiveInfinity) } => throw new ConfigurationException($"gamma {options.Gamma} must be at least 0."),
            { ReducedThreshold: not (null or (> 0 and <= 1)) } => throw new ConfigurationException($"reduced_threshold {options.ReducedThreshold} is outside (0, 1]."),
            { Softmax: true } when options.Alpha is not null || options.Normalized || options.AverageClasses =>
                throw new ConfigurationException("softmax goes without alpha, normalized and average_classes, which are of classes against the rest; class_weights weigh the classes."),
            { Eps: not (> 0 and < 0.5) } => throw new ConfigurationException($"eps {options.Eps} is outside (0, 0.5)."),
            _ => options,
        };
        _weights = ClassWeights.Checked("class_weights", options.ClassWeights);
        if (_weights.Length > 0 && !options.Softmax && options.Reduction is LossReduction.None or LossReduction.BatchwiseMean)
        {
            throw new ConfigurationException("class_weights need reduction: mean or sum; they weigh whole classes.");
        }
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor logits, Tensor targets, LabelMode mode)
    {
        using var scope = NewDisposeScope();
        var (labels, counted) = CountedTargets.Of(targets, mode, _options.IgnoreIndex);
        if (_options.Softmax)
        {
            return mode == LabelMode.Multiclass ? OfSoftmax(logits, labels, counted!).MoveToOuterDisposeScope()
                : throw new ConfigurationException("Loss Focal with softmax needs exclusive classes, data.mode: multiclass. Leave softmax out.");
        }

        var surprise = functional.binary_cross_entropy_with_logits(_options.FromLogits ? logits : Logits(logits, mode), labels, reduction: Reduction.None);
        var focus = Focus((-surprise).exp());
        var loss = focus * surprise;
        if (_options.Alpha is { } alpha)
        {
            loss = loss * ((labels * ((2 * alpha) - 1)) + (1 - alpha));
        }

        var apart = mode == LabelMode.Multiclass || (logits.shape[1] > 1 && (_options.AverageClasses || _weights.Length > 0));
        var norm = _options.Normalized ? Rows(focus, counted, apart) : null;
        var classes = Reduce(Rows(loss, counted, apart), norm, counted is null ? null : Rows(counted.expand_as(loss), null, apart));
        return Combine(classes, apart, logits).MoveToOuterDisposeScope();
    }

    private Tensor OfSoftmax(Tensor logits, Tensor labels, Tensor counted)
    {
        var log = _options.FromLogits ? logits.log_softmax(1) : logits.clamp(_options.Eps, 1).log();
        var loss = labels * Focus(log.exp()) * -log;
        loss = (ClassWeights.Of("class_weights", _weights, logits) is { } weights ? loss * weights : loss).sum([1]);
        return _options.Reduction == LossReduction.Mean ? loss.sum() / counted.sum().clamp(min: 1e-7) : _options.Reduction.Of(loss);
    }

    private Tensor Logits(Tensor probabilities, LabelMode mode)
    {
        var p = probabilities.clamp(_options.Eps, 1 - _options.Eps);
        return mode == LabelMode.Multiclass ? p.log() : (p / (1 - p)).log();
    }

    private Tensor Focus(Tensor probability) => _options.ReducedThreshold is { } threshold
        ? where(probability.lt(threshold), ones_like(probability), ((1 - probability) / threshold).pow(_options.Gamma))
        : (1 - probability).pow(_options.Gamma);

    // A row is what is reduced for itself: a class, (K, N, H, W), or everything, (1, N·K·H·W).
    private static Tensor Rows(Tensor elements, Tensor? counted, bool apart)
    {
        var kept = counted is null ? elements : elements * counted;
        return apart ? kept.transpose(0, 1) : kept.reshape(1, -1);
    }

    private Tensor Reduce(Tensor loss, Tensor? norm, Tensor? counted)
    {
        long[] within = [.. Enumerable.Range(1, (int)loss.dim() - 1)];
        if (norm is not null)
        {
            loss = loss / norm.sum(within, keepdim: true).clamp(min: LeastNorm);
        }

        return _options.Reduction switch
        {
            LossReduction.Mean when counted is not null => loss.sum(within) / counted.sum(within).clamp(min: 1),
            LossReduction.Mean => loss.mean(within),
            LossReduction.Sum => loss.sum(within),
            LossReduction.BatchwiseMean => loss.sum([1]),
            _ => loss,
        };
    }

    private Tensor Combine(Tensor classes, bool apart, Tensor logits)
    {
        if (_weights.Length > 0)
        {
            var weights = ClassWeights.Of("class_weights", _weights, logits)!.flatten().expand(classes.shape[0]);
            return (classes * weights).sum() / weights.sum();
        }

        return apart && _options.AverageClasses ? classes.mean() : classes.sum([0]);
    }
}
