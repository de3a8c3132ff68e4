using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary><see cref="functional.cosine_embedding_loss"/></summary>
public sealed class CosineEmbeddingLoss : Loss<Tensor, Tensor, Tensor, Tensor>
{
    private readonly double _margin;

    internal CosineEmbeddingLoss(double margin, Reduction reduction)
        : base(reduction) => _margin = margin;

    public override Tensor forward(Tensor input1, Tensor input2, Tensor target) => functional.cosine_embedding_loss(input1, input2, target, _margin, reduction);
}

/// <summary><see cref="functional.margin_ranking_loss"/></summary>
public sealed class MarginRankingLoss : Loss<Tensor, Tensor, Tensor, Tensor>
{
    private readonly double _margin;

    internal MarginRankingLoss(double margin, Reduction reduction)
        : base(reduction) => _margin = margin;

    public override Tensor forward(Tensor input1, Tensor input2, Tensor target) => functional.margin_ranking_loss(input1, input2, target, _margin, reduction);
}

/// <summary><see cref="functional.triplet_margin_loss"/></summary>
public sealed class TripletMarginLoss : Loss<Tensor, Tensor, Tensor, Tensor>
{
    private readonly double _margin;
    private readonly long _p;
    private readonly double _eps;
    private readonly bool _swap;

    internal TripletMarginLoss(double margin, long p, double eps, bool swap, Reduction reduction)
        : base(reduction) =>
        (_margin, _p, _eps, _swap) = (margin, p, eps, swap);

    public override Tensor forward(Tensor anchor, Tensor positive, Tensor negative) => functional.triplet_margin_loss(anchor, positive, negative, _margin, _p, _eps, _swap, reduction);
}

/// <summary><see cref="functional.triplet_margin_with_distance_loss"/></summary>
public sealed class TripletMarginWithDistanceLoss : Loss<Tensor, Tensor, Tensor, Tensor>
{
    private readonly Func<Tensor, Tensor, Tensor>? _distance;
    private readonly double _margin;
    private readonly bool _swap;

    internal TripletMarginWithDistanceLoss(Func<Tensor, Tensor, Tensor>? distance, double margin, bool swap, Reduction reduction)
        : base(reduction) =>
        (_distance, _margin, _swap) = (distance, margin, swap);

    public override Tensor forward(Tensor anchor, Tensor positive, Tensor negative) => functional.triplet_margin_with_distance_loss(anchor, positive, negative, _distance, _margin, _swap, reduction);
}

/// <summary><see cref="functional.pairwise_distance"/></summary>
public sealed class PairwiseDistance : Module<Tensor, Tensor, Tensor>
{
    private readonly double _p;
    private readonly double _eps;
    private readonly bool _keepdim;

    internal PairwiseDistance(double p, double eps, bool keepdim)
        : base(nameof(PairwiseDistance)) =>
        (_p, _eps, _keepdim) = (p, eps, keepdim);

    public override Tensor forward(Tensor input1, Tensor input2) => functional.pairwise_distance(input1, input2, _p, _eps, _keepdim);
}

/// <summary><see cref="functional.cosine_similarity"/></summary>
public sealed class CosineSimilarity : Module<Tensor, Tensor, Tensor>
{
    private readonly long _dim;
    private readonly double _eps;

    internal CosineSimilarity(long dim, double eps)
        : base(nameof(CosineSimilarity)) =>
        (_dim, _eps) = (dim, eps);

    public override Tensor forward(Tensor input1, Tensor input2) => functional.cosine_similarity(input1, input2, _dim, _eps);
}
