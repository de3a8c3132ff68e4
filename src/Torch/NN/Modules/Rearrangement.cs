using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>(N, C·r², H, W) to (N, C, H·r, W·r) (Shi et al. 2016, arXiv:1609.05158).</summary>
public sealed class PixelShuffle : Module<Tensor, Tensor>
{
    private readonly long _factor;

    internal PixelShuffle(long upscale_factor)
        : base(nameof(PixelShuffle)) => _factor = upscale_factor;

    public override Tensor forward(Tensor input) => functional.pixel_shuffle(input, _factor);
}

/// <summary>(N, C, H·r, W·r) to (N, C·r², H, W).</summary>
public sealed class PixelUnshuffle : Module<Tensor, Tensor>
{
    private readonly long _factor;

    internal PixelUnshuffle(long downscale_factor)
        : base(nameof(PixelUnshuffle)) => _factor = downscale_factor;

    public override Tensor forward(Tensor input) => functional.pixel_unshuffle(input, _factor);
}

/// <summary>Interleaves the channels of so many groups (Zhang et al. 2017, arXiv:1707.01083).</summary>
public sealed class ChannelShuffle : Module<Tensor, Tensor>
{
    private readonly long _groups;

    internal ChannelShuffle(long groups)
        : base(nameof(ChannelShuffle)) => _groups = groups;

    public override Tensor forward(Tensor input) => functional.channel_shuffle(input, _groups);
}

/// <summary>Windows of (N, C, H, W) as the columns of (N, C·kernel, windows).</summary>
public sealed class Unfold : Module<Tensor, Tensor>
{
    private readonly (long, long) _kernel;
    private readonly (long, long)? _dilation;
    private readonly (long, long)? _padding;
    private readonly (long, long)? _stride;

    internal Unfold((long, long) kernel_size, (long, long)? dilation, (long, long)? padding, (long, long)? stride)
        : base(nameof(Unfold)) => (_kernel, _dilation, _padding, _stride) = (kernel_size, dilation, padding, stride);

    public override Tensor forward(Tensor input) => functional.unfold(input, _kernel, _dilation, _padding, _stride);
}

/// <summary>Columns back to (N, C, H, W); where windows overlap, values add up.</summary>
public sealed class Fold : Module<Tensor, Tensor>
{
    private readonly (long, long) _size;
    private readonly (long, long) _kernel;
    private readonly (long, long)? _dilation;
    private readonly (long, long)? _padding;
    private readonly (long, long)? _stride;

    internal Fold((long, long) output_size, (long, long) kernel_size, (long, long)? dilation, (long, long)? padding, (long, long)? stride)
        : base(nameof(Fold)) => (_size, _kernel, _dilation, _padding, _stride) = (output_size, kernel_size, dilation, padding, stride);

    public override Tensor forward(Tensor input) => functional.fold(input, _size, _kernel, _dilation, _padding, _stride);
}

/// <summary>Zeroes whole channels of (N, C, D, H, W) at random in training.</summary>
public sealed class Dropout3d : Module<Tensor, Tensor>
{
    private readonly double _p;
    private readonly bool _inplace;

    internal Dropout3d(double p, bool inplace)
        : base(nameof(Dropout3d)) => (_p, _inplace) = (p, inplace);

    public override Tensor forward(Tensor input) => _inplace ? functional.dropout3d(input, _p, training, true).Share() : functional.dropout3d(input, _p, training);
}
