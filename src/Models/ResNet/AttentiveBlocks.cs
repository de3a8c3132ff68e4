using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>What timm's residual blocks have beyond torchvision's.</summary>
public sealed record ResidualExtras
{
    /// <summary>A weight for each channel of what a block adds, for maps of that many channels; null for none.</summary>
    public Func<int, Module<Tensor, Tensor>>? Attention { get; init; }

    /// <summary>Smooths where a block halves, for that stride; null lets the convolution drop pixels.</summary>
    public Func<int, Module<Tensor, Tensor>>? AntiAlias { get; init; }

    /// <summary>Normalisation of that many channels.</summary>
    public Func<int, Module<Tensor, Tensor>> Norm { get; init; } = channels => BatchNorm2d(channels);

    /// <summary>By how much the first convolution is narrower than the second.</summary>
    public int ReduceFirst { get; init; } = 1;

    // Where a block halves, or changes the dilation, the convolution keeps its size and this halves.
    internal Module<Tensor, Tensor>? Smoothing(ResidualPlace place) =>
        AntiAlias is { } smooth && (place.Stride == 2 || place.FirstDilation != place.Dilation) ? smooth(place.Stride) : null;
}

/// <summary>timm's BasicBlock. Keys: conv1, bn1, conv2, bn2, se, downsample.</summary>
public sealed class AttentiveBasicBlock : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1, conv2;
    private readonly Module<Tensor, Tensor> bn1, bn2;
    private readonly Module<Tensor, Tensor>? _smooth, se, downsample;

    /// <summary>A block at its place.</summary>
    public AttentiveBasicBlock(ResidualPlace place, ResidualExtras extras) : base(nameof(AttentiveBasicBlock))
    {
        _smooth = extras.Smoothing(place);
        conv1 = Conv2d(place.InChannels, place.Width, 3, stride: _smooth is null ? place.Stride : 1, padding: place.FirstDilation, dilation: place.FirstDilation, bias: false);
        bn1 = extras.Norm(place.Width);
        conv2 = Conv2d(place.Width, place.Width, 3, padding: place.Dilation, dilation: place.Dilation, bias: false);
        bn2 = extras.Norm(place.Width);
        se = extras.Attention?.Invoke(place.Width);
        downsample = place.Shortcut;
        register_module(nameof(conv1), conv1);
        register_module(nameof(bn1), bn1);
        register_module(nameof(conv2), conv2);
        register_module(nameof(bn2), bn2);
        AttentiveBottleneck.Register(this, ("aa", _smooth), (nameof(se), se), (nameof(downsample), downsample));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = functional.relu(bn1.forward(conv1.forward(input)), inplace: true);
        x = bn2.forward(conv2.forward(_smooth?.forward(x) ?? x));
        return functional.relu((se?.forward(x) ?? x) + (downsample?.forward(input) ?? input), inplace: true).MoveToOuterDisposeScope();
    }
}

/// <summary>timm's Bottleneck. Keys: conv1, bn1, conv2, bn2, conv3, bn3, se, downsample.</summary>
public sealed class AttentiveBottleneck : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1, conv2, conv3;
    private readonly Module<Tensor, Tensor> bn1, bn2, bn3;
    private readonly Module<Tensor, Tensor>? _smooth, se, downsample;

    /// <summary>A block at its place.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="inner">Channels of the 3×3 convolution.</param>
    /// <param name="groups">Groups of the 3×3 convolution.</param>
    /// <param name="extras">What it has beyond torchvision's.</param>
    public AttentiveBottleneck(ResidualPlace place, int inner, int groups, ResidualExtras extras) : base(nameof(AttentiveBottleneck))
    {
        const int expansion = 4;
        var (first, channels) = (inner / extras.ReduceFirst, place.Width * expansion);
        _smooth = extras.Smoothing(place);
        conv1 = Conv2d(place.InChannels, first, 1, bias: false);
        bn1 = extras.Norm(first);
        conv2 = Conv2d(first, inner, 3, stride: _smooth is null ? place.Stride : 1, padding: place.FirstDilation, dilation: place.FirstDilation, groups: groups, bias: false);
        bn2 = extras.Norm(inner);
        conv3 = Conv2d(inner, channels, 1, bias: false);
        bn3 = extras.Norm(channels);
        se = extras.Attention?.Invoke(channels);
        downsample = place.Shortcut;
        register_module(nameof(conv1), conv1);
        register_module(nameof(bn1), bn1);
        register_module(nameof(conv2), conv2);
        register_module(nameof(bn2), bn2);
        register_module(nameof(conv3), conv3);
        register_module(nameof(bn3), bn3);
        Register(this, ("aa", _smooth), (nameof(se), se), (nameof(downsample), downsample));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = functional.relu(bn1.forward(conv1.forward(input)), inplace: true);
        x = functional.relu(bn2.forward(conv2.forward(x)), inplace: true);
        x = bn3.forward(conv3.forward(_smooth?.forward(x) ?? x));
        return functional.relu((se?.forward(x) ?? x) + (downsample?.forward(input) ?? input), inplace: true).MoveToOuterDisposeScope();
    }

    internal static void Register(Module owner, params ReadOnlySpan<(string Key, Module? Part)> parts)
    {
        foreach (var (key, part) in parts)
        {
            if (part is not null)
            {
                owner.register_module(key, part);
            }
        }
    }
}
