using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>
/// A network of timm's as SMP's <c>tu-</c> encoders hold it: with <c>features_only</c>, under the key model, without the stages that the
/// depth leaves out. Where timm's first map is at half the size, the input comes before it; where it is at a quarter, the input and an
/// empty map; where it is at full size, nothing.
/// </summary>
public abstract class TimmEncoder : Encoder
{
    private readonly Module<Tensor, IReadOnlyList<Tensor>> model;
    private readonly int _firstStride;

    /// <summary>Declares maps and holds the network.</summary>
    /// <param name="options">What the architecture asks for.</param>
    /// <param name="features">All the maps the network has.</param>
    /// <param name="model">Gives the first <see cref="TimmFeatures.Used"/> of them, as (N, C, H, W), with the strides that the output stride leaves.</param>
    protected TimmEncoder(EncoderOptions options, TimmFeatures features, Module<Tensor, IReadOnlyList<Tensor>> model)
        : base(options.Name, features.SmpChannels(options), features.StridesOf(options))
    {
        (this.model, _firstStride) = (model, features.FirstStride);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(Tensor input) => _firstStride switch
    {
        1 => model.forward(input),
        2 => [input, .. model.forward(input)],
        _ => [input, empty([input.shape[0], 0, input.shape[2] / 2, input.shape[3] / 2], input.dtype, input.device), .. model.forward(input)],
    };
}

/// <summary>What timm calls feature_info.</summary>
/// <param name="FirstStride">Stride of the first map: 1, 2 or 4; each further map has twice the stride of the one before.</param>
/// <param name="Channels">Channels of each map.</param>
public sealed record TimmFeatures(int FirstStride, params IReadOnlyList<int> Channels)
{
    /// <summary>Whether timm can trade the family's strides for dilation.</summary>
    public bool Dilates { get; init; } = true;

    /// <summary>
    /// Whether timm takes an output stride of the family and does nothing with it, as of Swin's: nor is it refused here then. The maps
    /// keep their strides and declare them; what an architecture can do with those is its own affair.
    /// </summary>
    public bool KeepsStrides { get; init; }

    /// <summary>How many of the maps a depth takes: the network ends there.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public int Used(EncoderOptions options)
    {
        var maps = options.Depth + (FirstStride switch { 1 => 1, 2 => 0, _ => -1 });
        return options switch
        {
            { InChannels: < 1 } => throw new ConfigurationException($"encoder {options.Name}: in_channels {options.InChannels} must be at least 1."),
            { Depth: < 1 or > 5 } => throw new ConfigurationException($"encoder {options.Name}: depth {options.Depth} must be 1 to 5."),
            { OutputStride: not (8 or 16 or 32) } => throw new ConfigurationException($"encoder {options.Name}: output stride {options.OutputStride} must be 8, 16 or 32."),
            _ when !Dilates && !KeepsStrides && options.OutputStride < Math.Min(1 << options.Depth, 32) => throw new ConfigurationException($"encoder {options.Name}: output stride {options.OutputStride} must be {Math.Min(1 << options.Depth, 32)}, for timm does not dilate this family. Choose another encoder, or an architecture that does not dilate, such as Unet, FPN or UPerNet."),
            _ => maps <= Channels.Count ? maps : throw new ConfigurationException($"encoder {options.Name}: depth {options.Depth} is more than it has."),
        };
    }

    internal int[] SmpChannels(EncoderOptions options)
    {
        int[] before = FirstStride switch { 1 => [], 2 => [options.InChannels], _ => [options.InChannels, 0] };
        return [.. before, .. Channels.Take(Used(options))];
    }

    internal int[] StridesOf(EncoderOptions options) => SmpStrides(KeepsStrides ? options with { OutputStride = 32 } : options);

    internal static int[] SmpStrides(EncoderOptions options) =>
        [.. Enumerable.Range(0, options.Depth + 1).Select(stage => Math.Min(1 << stage, options.OutputStride))];
}
