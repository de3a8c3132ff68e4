using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>min(max(x, 0), 6).</summary>
public sealed class ReLU6 : Module<Tensor, Tensor>
{
    private readonly bool _inplace;

    internal ReLU6(bool inplace)
        : base(nameof(ReLU6)) => _inplace = inplace;

    public override Tensor forward(Tensor input) => _inplace ? functional.relu6(input, true).Share() : functional.relu6(input);
}

/// <summary>x clamped between two values.</summary>
public sealed class Hardtanh : Module<Tensor, Tensor>
{
    private readonly double _min;
    private readonly double _max;
    private readonly bool _inplace;

    internal Hardtanh(double min_val, double max_val, bool inplace)
        : base(nameof(Hardtanh)) => (_min, _max, _inplace) = (min_val, max_val, inplace);

    public override Tensor forward(Tensor input) => _inplace ? functional.hardtanh(input, _min, _max, true).Share() : functional.hardtanh(input, _min, _max);
}

/// <summary>x·min(max(x + 3, 0), 6)/6 (Howard et al. 2019, arXiv:1905.02244).</summary>
public sealed class Hardswish : Module<Tensor, Tensor>
{
    private readonly bool _inplace;

    internal Hardswish(bool inplace)
        : base(nameof(Hardswish)) => _inplace = inplace;

    public override Tensor forward(Tensor input) => _inplace ? functional.hardswish(input, true).Share() : functional.hardswish(input);
}

/// <summary>min(max(x + 3, 0), 6)/6.</summary>
public sealed class Hardsigmoid : Module<Tensor, Tensor>
{
    private readonly bool _inplace;

    internal Hardsigmoid(bool inplace)
        : base(nameof(Hardsigmoid)) => _inplace = inplace;

    public override Tensor forward(Tensor input) => _inplace ? functional.hardsigmoid(input, true).Share() : functional.hardsigmoid(input);
}

/// <summary>x above 0, w·x below; w is learnt, one for all channels or one each (He et al. 2015, arXiv:1502.01852).</summary>
public sealed class PReLU : Module<Tensor, Tensor>
{
    internal PReLU(long num_parameters, double init, Device? device, ScalarType? dtype)
        : base(nameof(PReLU))
    {
        this.num_parameters = num_parameters;
        weight = new Parameter(full(num_parameters, init, dtype, device));
        register_parameter(nameof(weight), weight);
    }

    public long num_parameters { get; }

    public Parameter weight { get; }

    public override Tensor forward(Tensor input) => functional.prelu(input, weight);
}

/// <summary>The first half of a dimension times the sigmoid of the second.</summary>
public sealed class GLU : Module<Tensor, Tensor>
{
    private readonly long _dim;

    internal GLU(long dim)
        : base(nameof(GLU)) => _dim = dim;

    public override Tensor forward(Tensor input) => functional.glu(input, _dim);
}
