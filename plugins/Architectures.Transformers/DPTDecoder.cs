using Osteon.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Transformers;

/// <summary>What becomes of the prefix tokens.</summary>
internal enum Readout
{
    Ignore,
    Add,
    Concatenate,
}

/// <summary>What the decoder is made of.</summary>
internal sealed record DPTDecoderOptions(IReadOnlyList<int> IntermediateChannels, int FusionChannels, Readout Readout);

/// <summary>
/// Makes a pyramid, at a quarter of the image's size, an eighth, …, of maps that are all of one size, and fuses it from the coarsest on, to
/// half the image's size.
/// </summary>
internal sealed class DPTDecoder : Module<IReadOnlyList<Tensor>, Tensor>
{
    private readonly ModuleList<TokenReadout> projection_blocks;
    private readonly ModuleList<Reassembly> reassemble_blocks;
    private readonly ModuleList<Fusion> fusion_blocks;              // coarsest first
    private readonly bool _tokens;

    public DPTDecoder(Encoder encoder, DPTDecoderOptions options) : base(nameof(DPTDecoder))
    {
        _tokens = encoder.HasPrefixTokens;
        projection_blocks = ModuleList([.. encoder.Channels.Select(channels => new TokenReadout(channels, options.Readout, _tokens))]);
        reassemble_blocks = ModuleList([.. encoder.Channels.Select((channels, i) =>
            new Reassembly(channels, options.IntermediateChannels[i], options.FusionChannels, encoder.Strides[i], 4 << i))]);
        fusion_blocks = ModuleList([.. encoder.Channels.Select(_ => new Fusion(options.FusionChannels))]);
        RegisterComponents();
    }

    /// <param name="input">The maps, and behind them, where the encoder has prefix tokens, those of each map.</param>
    public override Tensor forward(IReadOnlyList<Tensor> input)
    {
        using var scope = NewDisposeScope();
        var count = fusion_blocks.Count;
        Tensor? fused = null;
        for (var i = count - 1; i >= 0; i--)
        {
            var map = projection_blocks[i].forward(input[i], _tokens ? input[count + i] : null);
            fused = fusion_blocks[count - 1 - i].forward(reassemble_blocks[i].forward(map), fused);
        }

        return fused!.MoveToOuterDisposeScope();
    }
}
