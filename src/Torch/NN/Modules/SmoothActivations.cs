using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>x·Φ(x), Φ the normal distribution function (Hendrycks, Gimpel 2016, arXiv:1606.08415).</summary>
public sealed class GELU : Module<Tensor, Tensor>
{
    private readonly Approximate _approximate;
    private readonly bool _inplace;

    internal GELU(Approximate approximate, bool inplace)
        : base(nameof(GELU)) => (_approximate, _inplace) = (approximate, inplace);

    /// <summary>How Φ is computed: from erf, or by a tanh that comes close.</summary>
    public enum Approximate
    {
        none,
        tanh,
    }

    public override Tensor forward(Tensor input) => _inplace ? functional.gelu(input, _approximate, true).Share() : functional.gelu(input, _approximate);
}

/// <summary>x·tanh(softplus(x)) (Misra 2019, arXiv:1908.08681).</summary>
public sealed class Mish : Module<Tensor, Tensor>
{
    private readonly bool _inplace;

    internal Mish(bool inplace)
        : base(nameof(Mish)) => _inplace = inplace;

    public override Tensor forward(Tensor input) => _inplace ? functional.mish(input, true).Share() : functional.mish(input);
}

/// <summary>α·(eˣ − 1) below 0, x above.</summary>
public sealed class ELU : Module<Tensor, Tensor>
{
    private readonly double _alpha;
    private readonly bool _inplace;

    internal ELU(double alpha, bool inplace)
        : base(nameof(ELU)) => (_alpha, _inplace) = (alpha, inplace);

    public override Tensor forward(Tensor input) => _inplace ? functional.elu(input, _alpha, true).Share() : functional.elu(input, _alpha);
}

/// <summary>α·(exp(x/α) − 1) below 0, x above: smooth at 0 for every α.</summary>
public sealed class CELU : Module<Tensor, Tensor>
{
    private readonly double _alpha;
    private readonly bool _inplace;

    internal CELU(double alpha, bool inplace)
        : base(nameof(CELU)) => (_alpha, _inplace) = (alpha, inplace);

    public override Tensor forward(Tensor input) => _inplace ? functional.celu(input, _alpha, true).Share() : functional.celu(input, _alpha);
}

/// <summary>The ELU that keeps mean and variance (Klambauer et al. 2017, arXiv:1706.02515).</summary>
public sealed class SELU : Module<Tensor, Tensor>
{
    private readonly bool _inplace;

    internal SELU(bool inplace)
        : base(nameof(SELU)) => _inplace = inplace;

    public override Tensor forward(Tensor input) => _inplace ? functional.selu(input, true).Share() : functional.selu(input);
}

/// <summary>log(1 + exp(βx))/β; x itself where βx exceeds the threshold.</summary>
public sealed class Softplus : Module<Tensor, Tensor>
{
    private readonly double _beta;
    private readonly double _threshold;

    internal Softplus(double beta, double threshold)
        : base(nameof(Softplus)) => (_beta, _threshold) = (beta, threshold);

    public override Tensor forward(Tensor input) => functional.softplus(input, _beta, _threshold);
}

/// <summary>x/(1 + |x|).</summary>
public sealed class Softsign : Module<Tensor, Tensor>
{
    internal Softsign()
        : base(nameof(Softsign))
    {
    }

    public override Tensor forward(Tensor input) => functional.softsign(input);
}

public sealed class Tanh : Module<Tensor, Tensor>
{
    private readonly bool _inplace;

    internal Tanh(bool inplace)
        : base(nameof(Tanh)) => _inplace = inplace;

    public override Tensor forward(Tensor input) => _inplace ? functional.tanh(input, true).Share() : functional.tanh(input);
}

public sealed class LogSigmoid : Module<Tensor, Tensor>
{
    internal LogSigmoid()
        : base(nameof(LogSigmoid))
    {
    }

    public override Tensor forward(Tensor input) => functional.logsigmoid(input);
}

public sealed class LogSoftmax : Module<Tensor, Tensor>
{
    private readonly long _dim;

    internal LogSoftmax(long dim)
        : base(nameof(LogSoftmax)) => _dim = dim;

    public override Tensor forward(Tensor input) => input.log_softmax(_dim);
}

/// <summary>Softmax over the channels of (N, C, H, W) or (C, H, W).</summary>
public sealed class Softmax2d : Module<Tensor, Tensor>
{
    internal Softmax2d()
        : base(nameof(Softmax2d))
    {
    }

    public override Tensor forward(Tensor input) => functional.softmax2d(input);
}
