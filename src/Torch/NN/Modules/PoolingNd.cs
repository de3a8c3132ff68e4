using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>The largest value of each window of (N, C, L).</summary>
public sealed class MaxPool1d : Module<Tensor, Tensor>
{
    private readonly long _kernel;
    private readonly long? _stride;
    private readonly long? _padding;
    private readonly long? _dilation;
    private readonly bool _ceil;

    internal MaxPool1d(long kernel_size, long? stride, long? padding, long? dilation, bool ceil_mode)
        : base(nameof(MaxPool1d)) => (_kernel, _stride, _padding, _dilation, _ceil) = (kernel_size, stride, padding, dilation, ceil_mode);

    public override Tensor forward(Tensor input) => functional.max_pool1d(input, _kernel, _stride, _padding, _dilation, _ceil);
}

/// <summary>The largest value of each window of (N, C, D, H, W).</summary>
public sealed class MaxPool3d : Module<Tensor, Tensor>
{
    private readonly long[] _kernel;
    private readonly long[]? _stride;
    private readonly long[]? _padding;
    private readonly long[]? _dilation;
    private readonly bool _ceil;

    internal MaxPool3d(long[] kernel_size, long[]? stride, long[]? padding, long[]? dilation, bool ceil_mode)
        : base(nameof(MaxPool3d)) => (_kernel, _stride, _padding, _dilation, _ceil) = (kernel_size, stride, padding, dilation, ceil_mode);

    public override Tensor forward(Tensor input) => functional.max_pool3d(input, _kernel, _stride, _padding, _dilation, _ceil);
}

/// <summary>The mean of each window of (N, C, L).</summary>
public sealed class AvgPool1d : Module<Tensor, Tensor>
{
    private readonly long _kernel;
    private readonly long? _stride;
    private readonly long _padding;
    private readonly bool _ceil;
    private readonly bool _countPad;

    internal AvgPool1d(long kernel_size, long? stride, long padding, bool ceil_mode, bool count_include_pad)
        : base(nameof(AvgPool1d)) => (_kernel, _stride, _padding, _ceil, _countPad) = (kernel_size, stride, padding, ceil_mode, count_include_pad);

    public override Tensor forward(Tensor input) => functional.avg_pool1d(input, _kernel, _stride, _padding, _ceil, _countPad);
}

/// <summary>The mean of each window of (N, C, D, H, W).</summary>
public sealed class AvgPool3d : Module<Tensor, Tensor>
{
    private readonly long[] _kernel;
    private readonly long[]? _stride;
    private readonly long[]? _padding;
    private readonly bool _ceil;
    private readonly bool _countPad;
    private readonly long? _divisor;

    internal AvgPool3d(long[] kernel_size, long[]? stride, long[]? padding, bool ceil_mode, bool count_include_pad, long? divisor_override)
        : base(nameof(AvgPool3d)) =>
        (_kernel, _stride, _padding, _ceil, _countPad, _divisor) = (kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);

    public override Tensor forward(Tensor input) => functional.avg_pool3d(input, _kernel, _stride, _padding, _ceil, _countPad, _divisor);
}
