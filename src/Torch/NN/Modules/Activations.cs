using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

public sealed class ReLU : Module<Tensor, Tensor>
{
    private readonly bool _inplace;

    internal ReLU(bool inplace)
        : base(nameof(ReLU)) => _inplace = inplace;

    public override Tensor forward(Tensor input) => _inplace ? input.relu_().Share() : input.relu();
}

public sealed class LeakyReLU : Module<Tensor, Tensor>
{
    private readonly double _slope;
    private readonly bool _inplace;

    internal LeakyReLU(double negative_slope, bool inplace = false)
        : base(nameof(LeakyReLU)) => (_slope, _inplace) = (negative_slope, inplace);

    public override Tensor forward(Tensor input) => _inplace ? functional.leaky_relu(input, _slope, true).Share() : functional.leaky_relu(input, _slope);
}

public sealed class SiLU : Module<Tensor, Tensor>
{
    private readonly bool _inplace;

    internal SiLU(bool inplace = false)
        : base(nameof(SiLU)) => _inplace = inplace;

    public override Tensor forward(Tensor input) => _inplace ? functional.silu(input, true).Share() : functional.silu(input);
}

public sealed class Sigmoid : Module<Tensor, Tensor>
{
    internal Sigmoid()
        : base(nameof(Sigmoid))
    {
    }

    public override Tensor forward(Tensor input) => input.sigmoid();
}

public sealed class Softmax : Module<Tensor, Tensor>
{
    private readonly long _dim;

    internal Softmax(long dim)
        : base(nameof(Softmax)) => _dim = dim;

    public override Tensor forward(Tensor input) => input.softmax(_dim);
}

/// <summary>Passes its input on, as a new wrapper that may be disposed apart.</summary>
public sealed class Identity : Module<Tensor, Tensor>
{
    internal Identity()
        : base(nameof(Identity))
    {
    }

    public override Tensor forward(Tensor input) => input.Share();
}

/// <summary>Joins dimensions.</summary>
public sealed class Flatten : Module<Tensor, Tensor>
{
    private readonly long _start;
    private readonly long _end;

    internal Flatten(long start_dim, long end_dim)
        : base(nameof(Flatten)) => (_start, _end) = (start_dim, end_dim);

    public override Tensor forward(Tensor input) => input.flatten(_start, _end);
}

/// <summary>Zeroes elements at random in training, and scales the rest by 1 / (1 − p).</summary>
public sealed class Dropout : Module<Tensor, Tensor>
{
    private readonly double _p;
    private readonly bool _inplace;

    internal Dropout(double p, bool inplace)
        : base(nameof(Dropout)) => (_p, _inplace) = (p, inplace);

    public override Tensor forward(Tensor input) => _inplace ? functional.dropout(input, _p, training, true).Share() : functional.dropout(input, _p, training);
}

/// <summary>Zeroes whole channels at random in training.</summary>
public sealed class Dropout2d : Module<Tensor, Tensor>
{
    private readonly double _p;
    private readonly bool _inplace;

    internal Dropout2d(double p, bool inplace)
        : base(nameof(Dropout2d)) => (_p, _inplace) = (p, inplace);

    public override Tensor forward(Tensor input) => _inplace ? functional.dropout2d(input, _p, training, true).Share() : functional.dropout2d(input, _p, training);
}
