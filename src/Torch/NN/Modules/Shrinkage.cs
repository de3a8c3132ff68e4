using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary><see cref="functional.softmin"/></summary>
public sealed class Softmin : Module<Tensor, Tensor>
{
    private readonly long _dim;

    internal Softmin(long dim)
        : base(nameof(Softmin)) => _dim = dim;

    public override Tensor forward(Tensor input) => functional.softmin(input, _dim);
}

/// <summary><see cref="functional.softshrink"/></summary>
public sealed class Softshrink : Module<Tensor, Tensor>
{
    private readonly double _lambda;

    internal Softshrink(double lambda)
        : base(nameof(Softshrink)) => _lambda = lambda;

    public override Tensor forward(Tensor input) => functional.softshrink(input, _lambda);
}

/// <summary><see cref="functional.hardshrink"/></summary>
public sealed class Hardshrink : Module<Tensor, Tensor>
{
    private readonly double _lambda;

    internal Hardshrink(double lambda)
        : base(nameof(Hardshrink)) => _lambda = lambda;

    public override Tensor forward(Tensor input) => functional.hardshrink(input, _lambda);
}

/// <summary><see cref="functional.tanhshrink"/></summary>
public sealed class Tanhshrink : Module<Tensor, Tensor>
{
    internal Tanhshrink()
        : base(nameof(Tanhshrink))
    {
    }

    public override Tensor forward(Tensor input) => functional.tanhshrink(input);
}

/// <summary><see cref="functional.threshold"/></summary>
public sealed class Threshold : Module<Tensor, Tensor>
{
    private readonly double _threshold;
    private readonly double _value;
    private readonly bool _inplace;

    internal Threshold(double threshold, double value, bool inplace)
        : base(nameof(Threshold)) => (_threshold, _value, _inplace) = (threshold, value, inplace);

    public override Tensor forward(Tensor input)
    {
        var result = functional.threshold(input, _threshold, _value, _inplace);
        return _inplace ? result.Share() : result;
    }
}

/// <summary><see cref="functional.rrelu"/></summary>
public sealed class RReLU : Module<Tensor, Tensor>
{
    private readonly double _lower;
    private readonly double _upper;
    private readonly bool _inplace;

    internal RReLU(double lower, double upper, bool inplace)
        : base(nameof(RReLU)) => (_lower, _upper, _inplace) = (lower, upper, inplace);

    public override Tensor forward(Tensor input)
    {
        var result = functional.rrelu(input, _lower, _upper, _inplace, training);
        return _inplace ? result.Share() : result;
    }
}

/// <summary><see cref="functional.lp_pool1d"/></summary>
public sealed class LPPool1d : Module<Tensor, Tensor>
{
    private readonly double _norm;
    private readonly long _kernel;
    private readonly long? _stride;
    private readonly bool _ceil;

    internal LPPool1d(double norm_type, long kernel_size, long? stride, bool ceil_mode)
        : base(nameof(LPPool1d)) => (_norm, _kernel, _stride, _ceil) = (norm_type, kernel_size, stride, ceil_mode);

    public override Tensor forward(Tensor input) => functional.lp_pool1d(input, _norm, _kernel, _stride, _ceil);
}

/// <summary><see cref="functional.lp_pool2d(Tensor, double, long[], long[], bool)"/></summary>
public sealed class LPPool2d : Module<Tensor, Tensor>
{
    private readonly double _norm;
    private readonly long[] _kernel;
    private readonly long[]? _stride;
    private readonly bool _ceil;

    internal LPPool2d(double norm_type, long[] kernel_size, long[]? stride, bool ceil_mode)
        : base(nameof(LPPool2d)) => (_norm, _kernel, _stride, _ceil) = (norm_type, kernel_size, stride, ceil_mode);

    public override Tensor forward(Tensor input) => functional.lp_pool2d(input, _norm, _kernel, _stride, _ceil);
}

/// <summary><see cref="functional.local_response_norm"/></summary>
public sealed class LocalResponseNorm : Module<Tensor, Tensor>
{
    private readonly long _size;
    private readonly double _alpha;
    private readonly double _beta;
    private readonly double _k;

    internal LocalResponseNorm(long size, double alpha, double beta, double k)
        : base(nameof(LocalResponseNorm)) => (_size, _alpha, _beta, _k) = (size, alpha, beta, k);

    public override Tensor forward(Tensor input) => functional.local_response_norm(input, _size, _alpha, _beta, _k);
}
