using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Dropout that keeps mean and deviation, for SELU networks.</summary>
public sealed class AlphaDropout : Module<Tensor, Tensor>
{
    private readonly double _p;
    private readonly bool _inplace;

    internal AlphaDropout(double p, bool inplace)
        : base(nameof(AlphaDropout)) => (_p, _inplace) = (p, inplace);

    public override Tensor forward(Tensor input) => _inplace ? functional.alpha_dropout(input, _p, training, true).Share() : functional.alpha_dropout(input, _p, training);
}

/// <summary>As alpha dropout, by whole channels.</summary>
public sealed class FeatureAlphaDropout : Module<Tensor, Tensor>
{
    private readonly double _p;
    private readonly bool _inplace;

    internal FeatureAlphaDropout(double p, bool inplace)
        : base(nameof(FeatureAlphaDropout)) => (_p, _inplace) = (p, inplace);

    public override Tensor forward(Tensor input) => _inplace ? functional.feature_alpha_dropout(input, _p, training, true).Share() : functional.feature_alpha_dropout(input, _p, training);
}

/// <summary>Zeroes whole channels of (N, C, L) at random in training.</summary>
public sealed class Dropout1d : Module<Tensor, Tensor>
{
    private readonly double _p;
    private readonly bool _inplace;

    internal Dropout1d(double p, bool inplace)
        : base(nameof(Dropout1d)) => (_p, _inplace) = (p, inplace);

    public override Tensor forward(Tensor input) => _inplace ? functional.dropout1d(input, _p, training, true).Share() : functional.dropout1d(input, _p, training);
}
