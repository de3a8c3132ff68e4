using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Adds a border; the amounts run from the last dimension backwards: left, right, top, bottom, ….</summary>
public abstract class Padding : Module<Tensor, Tensor>
{
    private readonly long[] _padding;
    private readonly PaddingModes _mode;
    private readonly double _value;

    private protected Padding(string name, PaddingModes mode, long[] padding, double value = 0)
        : base(name) => (_mode, _padding, _value) = (mode, padding, value);

    public override Tensor forward(Tensor input) => functional.pad(input, _padding, _mode, _value);
}

public sealed class ZeroPad2d : Padding
{
    internal ZeroPad2d(long[] padding)
        : base(nameof(ZeroPad2d), PaddingModes.Zeros, padding)
    {
    }
}

public sealed class ConstantPad1d : Padding
{
    internal ConstantPad1d(long[] padding, double value)
        : base(nameof(ConstantPad1d), PaddingModes.Constant, padding, value)
    {
    }
}

public sealed class ConstantPad2d : Padding
{
    internal ConstantPad2d(long[] padding, double value)
        : base(nameof(ConstantPad2d), PaddingModes.Constant, padding, value)
    {
    }
}

public sealed class ConstantPad3d : Padding
{
    internal ConstantPad3d(long[] padding, double value)
        : base(nameof(ConstantPad3d), PaddingModes.Constant, padding, value)
    {
    }
}

public sealed class ReflectionPad1d : Padding
{
    internal ReflectionPad1d(long[] padding)
        : base(nameof(ReflectionPad1d), PaddingModes.Reflect, padding)
    {
    }
}

public sealed class ReflectionPad2d : Padding
{
    internal ReflectionPad2d(long[] padding)
        : base(nameof(ReflectionPad2d), PaddingModes.Reflect, padding)
    {
    }
}

public sealed class ReflectionPad3d : Padding
{
    internal ReflectionPad3d(long[] padding)
        : base(nameof(ReflectionPad3d), PaddingModes.Reflect, padding)
    {
    }
}

public sealed class ReplicationPad1d : Padding
{
    internal ReplicationPad1d(long[] padding)
        : base(nameof(ReplicationPad1d), PaddingModes.Replicate, padding)
    {
    }
}

public sealed class ReplicationPad2d : Padding
{
    internal ReplicationPad2d(long[] padding)
        : base(nameof(ReplicationPad2d), PaddingModes.Replicate, padding)
    {
    }
}

public sealed class ReplicationPad3d : Padding
{
    internal ReplicationPad3d(long[] padding)
        : base(nameof(ReplicationPad3d), PaddingModes.Replicate, padding)
    {
    }
}
