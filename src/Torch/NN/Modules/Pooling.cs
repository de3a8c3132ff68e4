using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>The largest value of each window.</summary>
public sealed class MaxPool2d : Module<Tensor, Tensor>
{
    private readonly long[] _kernel;
    private readonly long[]? _stride;
    private readonly long[]? _padding;
    private readonly long[]? _dilation;
    private readonly bool _ceil;

    internal MaxPool2d(long[] kernel_size, long[]? stride, long[]? padding, long[]? dilation, bool ceil_mode)
        : base(nameof(MaxPool2d)) => (_kernel, _stride, _padding, _dilation, _ceil) = (kernel_size, stride, padding, dilation, ceil_mode);

    public override Tensor forward(Tensor input) => functional.max_pool2d(input, _kernel, _stride, _padding, _dilation, _ceil);
}

/// <summary>The mean of each window.</summary>
public sealed class AvgPool2d : Module<Tensor, Tensor>
{
    private readonly long[] _kernel;
    private readonly long[]? _stride;
    private readonly long[]? _padding;
    private readonly bool _ceil;
    private readonly bool _countPad;
    private readonly long? _divisor;

    internal AvgPool2d(long[] kernel_size, long[]? stride, long[]? padding, bool ceil_mode, bool count_include_pad, long? divisor_override)
        : base(nameof(AvgPool2d)) =>
        (_kernel, _stride, _padding, _ceil, _countPad, _divisor) = (kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);

    public override Tensor forward(Tensor input) => functional.avg_pool2d(input, _kernel, _stride, _padding, _ceil, _countPad, _divisor);
}

/// <summary>Means over as many windows as are wanted out.</summary>
public sealed class AdaptiveAvgPool2d : Module<Tensor, Tensor>
{
    private readonly long[] _size;

    internal AdaptiveAvgPool2d(long[] output_size)
        : base(nameof(AdaptiveAvgPool2d)) => _size = output_size;

    public override Tensor forward(Tensor input) => functional.adaptive_avg_pool2d(input, _size);
}

/// <summary>Resizes (N, C, L), (N, C, H, W) or (N, C, D, H, W).</summary>
public sealed class Upsample : Module<Tensor, Tensor>
{
    private readonly long[]? _size;
    private readonly double[]? _factor;
    private readonly InterpolationMode _mode;
    private readonly bool? _align;
    private readonly bool _recompute;

    internal Upsample(long[]? size, double[]? scale_factor, UpsampleMode mode, bool? align_corners, bool recompute_scale_factor)
        : base(nameof(Upsample))
    {
        (_size, _factor, _align, _recompute) = (size, scale_factor, align_corners, recompute_scale_factor);
        _mode = InterpolationOf(mode);
    }

    public override Tensor forward(Tensor input) => functional.interpolate(input, _size, _factor, _mode, _align, _recompute);

    internal static InterpolationMode InterpolationOf(UpsampleMode mode) => mode switch
    {
        UpsampleMode.Nearest => InterpolationMode.Nearest,
        UpsampleMode.Bilinear => InterpolationMode.Bilinear,
        UpsampleMode.Linear => InterpolationMode.Linear,
        UpsampleMode.Trilinear => InterpolationMode.Trilinear,
        _ => InterpolationMode.Bicubic,
    };
}
