using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.CSPNet;

/// <summary>A stage. Keys: conv_down, conv_exp, blocks, conv_transition_b, conv_transition; of plain ones conv_down and blocks.</summary>
internal sealed class CspStage : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor>? conv_down;
    private readonly ConvNormAct? conv_exp;
    private readonly Sequential blocks;
    private readonly ConvNormAct? conv_transition_b;
    private readonly ConvNormAct? conv_transition;
    private readonly CspStageKind _kind;

    /// <param name="design">The network.</param>
    /// <param name="stage">From 0.</param>
    /// <param name="inChannels">Channels in.</param>
    /// <param name="stride">Of the convolution that halves.</param>
    /// <param name="firstDilation">Of it.</param>
    /// <param name="dilation">Of the blocks.</param>
    public CspStage(CspDesign design, int stage, int inChannels, int stride, int firstDilation, int dilation) : base(nameof(CspStage))
    {
        _kind = design.Kind;
        var (width, groups) = (design.Widths[stage], CspDesign.At(design.Groups, stage));
        var channels = inChannels;
        if (_kind is CspStageKind.Plain || stride != 1 || firstDilation != dilation)
        {
            channels = design.GrowsFirst || design.Averages || _kind is CspStageKind.Plain ? width : inChannels;
            conv_down = design.Averages
                ? Sequential(stride == 2 ? AvgPool2d(2) : Identity(), new ConvNormAct(inChannels, width, 1, 1, groups, activation: design.Activation()))
                : new ConvNormAct(inChannels, channels, 3, stride, groups, firstDilation, design.Activation());
        }

        var expanded = (int)Math.Round(width * CspDesign.At(design.Expansion, stage));
        if (_kind is not CspStageKind.Plain)
        {
            conv_exp = new ConvNormAct(channels, expanded, 1, activation: design.SplitsLinearly ? null : design.Activation());
            channels = expanded / 2;
        }

        var blockWidth = (int)Math.Round(width * CspDesign.At(design.Ratio, stage));
        blocks = Sequential(Enumerable.Range(0, design.Depths[stage]).Select(i => new CspBlock(design, stage, i == 0 ? channels : blockWidth, blockWidth, dilation)));
        conv_transition_b = _kind is CspStageKind.Cross ? new ConvNormAct(blockWidth, expanded / 2, 1, activation: design.Activation()) : null;
        conv_transition = _kind is CspStageKind.Plain ? null : new ConvNormAct(expanded, width, 1, activation: design.Activation());
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = conv_down?.forward(input) ?? input;
        if (_kind is CspStageKind.Plain)
        {
            return blocks.forward(x).MoveToOuterDisposeScope();
        }

        var halves = conv_exp!.forward(x).chunk(2, 1);
        var joined = _kind is CspStageKind.Cross
            ? cat([halves[0], conv_transition_b!.forward(blocks.forward(halves[1]))], 1)
            : cat([blocks.forward(halves[0]), halves[1]], 1);
        return conv_transition!.forward(joined).MoveToOuterDisposeScope();
    }
}
