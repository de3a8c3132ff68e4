using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

public sealed class AdaptiveAvgPool1d : Module<Tensor, Tensor>
{
    private readonly long _size;

    internal AdaptiveAvgPool1d(long output_size)
        : base(nameof(AdaptiveAvgPool1d)) => _size = output_size;

    public override Tensor forward(Tensor input) => functional.adaptive_avg_pool1d(input, _size);
}

public sealed class AdaptiveAvgPool3d : Module<Tensor, Tensor>
{
    private readonly long[] _size;

    internal AdaptiveAvgPool3d(long[] output_size)
        : base(nameof(AdaptiveAvgPool3d)) => _size = output_size;

    public override Tensor forward(Tensor input) => functional.adaptive_avg_pool3d(input, _size);
}

/// <summary>The largest values of as many windows as are wanted out.</summary>
public sealed class AdaptiveMaxPool1d : Module<Tensor, Tensor>
{
    private readonly long _size;

    internal AdaptiveMaxPool1d(long output_size)
        : base(nameof(AdaptiveMaxPool1d)) => _size = output_size;

    public override Tensor forward(Tensor input) => functional.adaptive_max_pool1d(input, _size);
}

/// <summary>The largest values of as many windows as are wanted out.</summary>
public sealed class AdaptiveMaxPool2d : Module<Tensor, Tensor>
{
    private readonly long[] _size;

    internal AdaptiveMaxPool2d(long[] output_size)
        : base(nameof(AdaptiveMaxPool2d)) => _size = output_size;

    public override Tensor forward(Tensor input) => functional.adaptive_max_pool2d(input, _size);
}

/// <summary>The largest values of as many windows as are wanted out.</summary>
public sealed class AdaptiveMaxPool3d : Module<Tensor, Tensor>
{
    private readonly long[] _size;

    internal AdaptiveMaxPool3d(long[] output_size)
        : base(nameof(AdaptiveMaxPool3d)) => _size = output_size;

    public override Tensor forward(Tensor input) => functional.adaptive_max_pool3d(input, _size);
}
