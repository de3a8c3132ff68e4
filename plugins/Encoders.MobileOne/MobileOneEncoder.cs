using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MobileOne;

/// <summary>MobileOne: depthwise and pointwise convolutions in turn, each trained as a sum of branches.</summary>
/// <remarks>Vasu et al. 2023, arXiv:2206.04040, tables 2 and 3.</remarks>
[Encoder("mobileone_s0")]
[Encoder("mobileone_s1")]
[Encoder("mobileone_s2")]
[Encoder("mobileone_s3")]
[Encoder("mobileone_s4")]
public sealed class MobileOneEncoder : SmpEncoder, IReparameterizable
{
    private static readonly int[] s_blocks = [2, 8, 10, 1];

    private readonly MobileOneOptions _options;
    private readonly MobileOneBlock stage0;
    private readonly Sequential stage1, stage2, stage3, stage4;

    /// <summary>Builds the size that the options name.</summary>
    /// <exception cref="ConfigurationException">A depth outside 1–5, or an output stride other than 8, 16 and 32.</exception>
    public MobileOneEncoder(MobileOneOptions options) : base(options, Widths(options.Name))
    {
        _options = options;
        var widths = Widths(options.Name);
        stage0 = new MobileOneBlock(options.InferenceMode, options.InChannels, widths[0], kernel: 3, stride: 2);
        stage1 = Stage(1, squeezed: 0);
        stage2 = Stage(2, squeezed: 0);
        stage3 = Stage(3, squeezed: options.Name == "mobileone_s4" ? s_blocks[2] / 2 : 0);
        stage4 = Stage(4, squeezed: options.Name == "mobileone_s4" ? s_blocks[3] : 0);
        RegisterComponents();
        Dilation.Apply(options.OutputStride, (16, stage3), (32, stage4));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (maps, x) = (new List<Tensor>(), input);
        foreach (var stage in new Module<Tensor, Tensor>[] { stage0, stage1, stage2, stage3, stage4 }.Take(Depth))
        {
            x = stage.forward(x);
            maps.Add(x);                                            // (N, C, H/stride, W/stride)
        }

        return [input, .. maps.MoveToOuterDisposeScope()];
    }

    /// <inheritdoc/>
    public Encoder Reparameterized()
    {
        using var noGrad = no_grad();
        var fused = new MobileOneEncoder(_options with { InferenceMode = true });
        fused.to(stage0.parameters().First().device);
        foreach (var (from, into) in Parts(this).Zip(Parts(fused)))
        {
            from.FuseInto(into);
        }

        fused.eval();
        return fused;
    }

    private static IEnumerable<MobileOneBlock> Parts(Encoder encoder) => encoder.modules().OfType<MobileOneBlock>();

    /// <summary>Channels of the first block and of the four stages.</summary>
    private static int[] Widths(string name) => name switch
    {
        "mobileone_s0" => [48, 48, 128, 256, 1024],
        "mobileone_s1" => [64, 96, 192, 512, 1280],
        "mobileone_s2" => [64, 96, 256, 640, 2048],
        "mobileone_s3" => [64, 128, 320, 768, 2048],
        _ => [64, 192, 448, 896, 2048],
    };

    // The last pairs of a stage have squeeze-and-excitation, in the s4 alone; the s0 has four branches of each convolution.
    private Sequential Stage(int index, int squeezed)
    {
        var (widths, branches, pairs) = (Widths(_options.Name), _options.Name == "mobileone_s0" ? 4 : 1, s_blocks[index - 1]);
        var (channels, parts) = (widths[index - 1], new List<Module<Tensor, Tensor>>());
        for (var i = 0; i < pairs; i++)
        {
            var squeeze = i >= pairs - squeezed;
            parts.Add(new MobileOneBlock(_options.InferenceMode, channels, channels, kernel: 3, i == 0 ? 2 : 1, groups: channels, squeeze, branches));
            parts.Add(new MobileOneBlock(_options.InferenceMode, channels, widths[index], kernel: 1, stride: 1, groups: 1, squeeze, branches));
            channels = widths[index];
        }

        return Sequential(parts);
    }
}
