using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MobileOne;

/// <summary>
/// The sum of branches, ReLU: convolutions of one size, one of a single pixel beside larger kernels, and the input itself where its shape is
/// the output's, each with a normalisation. Keys: se, then rbr_skip, rbr_conv, rbr_scale; fused: se, reparam_conv.
/// </summary>
internal sealed class MobileOneBlock : Module<Tensor, Tensor>
{
    private readonly SqueezeBlock? se;
    private readonly Conv2d? reparam_conv;
    private readonly BatchNorm2d? rbr_skip;
    private readonly ModuleList<Sequential>? rbr_conv;
    private readonly Sequential? rbr_scale;

    public MobileOneBlock(bool fused, int inChannels, int outChannels, int kernel, int stride, int groups = 1, bool squeeze = false, int branches = 1)
        : base(nameof(MobileOneBlock))
    {
        se = squeeze ? new SqueezeBlock(outChannels) : null;
        if (fused)
        {
            reparam_conv = Convolution(kernel, hasBias: true);
        }
        else
        {
            rbr_skip = inChannels == outChannels && stride == 1 ? BatchNorm2d(inChannels) : null;
            rbr_conv = ModuleList([.. Enumerable.Range(0, branches).Select(_ => Branch(kernel))]);
            rbr_scale = kernel > 1 ? Branch(1) : null;
        }

        RegisterComponents();

        Conv2d Convolution(int side, bool hasBias) => Conv2d(inChannels, outChannels, side, stride: stride, padding: side / 2, groups: groups, bias: hasBias);
        Sequential Branch(int side) => Sequential(("conv", Convolution(side, hasBias: false)), ("bn", BatchNorm2d(outChannels)));
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = reparam_conv?.forward(input) ?? Branches(input);
        return functional.relu(se?.forward(x) ?? x).MoveToOuterDisposeScope();
    }

    /// <summary>Gives a fused block what this one has learnt.</summary>
    public void FuseInto(MobileOneBlock into)
    {
        using var scope = NewDisposeScope();
        var (weight, bias) = (into.reparam_conv!.weight, into.reparam_conv.bias!);
        weight.zero_();
        bias.zero_();
        foreach (var branch in (Sequential?[])[.. rbr_conv!, rbr_scale])
        {
            if (branch is not null)
            {
                Add(((Conv2d)branch[0]).weight, (BatchNorm2d)branch[1]);
            }
        }

        if (rbr_skip is not null)
        {
            Add(Unchanged(weight), rbr_skip);
        }

        if (se is not null)
        {
            into.se!.load_state_dict(se.state_dict());
        }

        // A kernel of one pixel is the middle of a larger one.
        void Add(Tensor kernel, BatchNorm2d norm)
        {
            var factor = norm.weight! / (norm.running_var! + norm.eps).sqrt();
            var start = (weight.shape[2] - kernel.shape[2]) / 2;
            weight.narrow(2, start, kernel.shape[2]).narrow(3, start, kernel.shape[3]).add_(kernel * factor.reshape(-1, 1, 1, 1));
            bias.add_(norm.bias! - (norm.running_mean! * factor));
        }
    }

    // (K, K / groups, 1, 1): as a kernel, it gives each channel back.
    private static Tensor Unchanged(Tensor weight) =>
        eye(weight.shape[1], dtype: weight.dtype, device: weight.device).repeat(weight.shape[0] / weight.shape[1], 1).reshape(weight.shape[0], weight.shape[1], 1, 1);

    // In the reference's order of sums.
    private Tensor Branches(Tensor input)
    {
        var sum = (rbr_scale?.forward(input), rbr_skip?.forward(input)) switch
        {
            ({ } scale, { } skip) => scale.add_(skip),
            var (scale, skip) => scale ?? skip,
        };
        foreach (var branch in rbr_conv!)
        {
            var x = branch.forward(input);
            sum = sum?.add_(x) ?? x;
        }

        return sum!;
    }
}
