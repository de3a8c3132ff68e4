using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.SKNet;

/// <summary>A 3×3 convolution and one dilated to 5×5, added with weights that their means decide. Keys: paths, attn.</summary>
internal sealed class SelectiveKernel : Module<Tensor, Tensor>
{
    private const int Paths = 2;
    private readonly bool _split;
    private readonly ModuleList<ConvNormAct> paths;
    private readonly Attention attn;

    public SelectiveKernel(int inChannels, int outChannels, int stride, int dilation, int groups, Selection selection) : base(nameof(SelectiveKernel))
    {
        _split = selection.Split;
        var seen = _split ? inChannels / Paths : inChannels;
        paths = ModuleList([.. Enumerable.Range(1, Paths).Select(path =>
            new ConvNormAct(seen, outChannels, 3, stride, groups, dilation * path, ReLU(inplace: true)))]);
        attn = new Attention(outChannels, Blocks.MakeDivisible((double)outChannels / selection.Reduction, selection.Divisor));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var inputs = _split ? input.chunk(Paths, 1) : [input, input];
        var maps = stack([.. paths.Select((path, i) => path.forward(inputs[i]))], 1);   // (N, 2, C, H, W)
        return (maps * attn.forward(maps)).sum([1]).MoveToOuterDisposeScope();
    }

    private sealed class Attention : Module<Tensor, Tensor>
    {
        private readonly Conv2d fc_reduce;
        private readonly BatchNorm2d bn;
        private readonly Conv2d fc_select;

        public Attention(int channels, int squeezed) : base(nameof(Attention))
        {
            fc_reduce = Conv2d(channels, squeezed, 1, bias: false);
            bn = BatchNorm2d(squeezed);
            fc_select = Conv2d(squeezed, channels * Paths, 1, bias: false);
            RegisterComponents();
        }

        /// <returns>Weights of the paths, (N, 2, C, 1, 1), which add up to 1.</returns>
        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var means = input.sum([1]).mean([2, 3], keepdim: true);
            var scores = fc_select.forward(functional.relu(bn.forward(fc_reduce.forward(means)), inplace: true));
            return scores.reshape(scores.shape[0], Paths, -1, 1, 1).softmax(1).MoveToOuterDisposeScope();
        }
    }
}
