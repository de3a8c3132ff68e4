using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.DLA;

/// <summary>Where a tree stands.</summary>
/// <param name="Height">1 holds two leaves and a root.</param>
/// <param name="InChannels">Channels in.</param>
/// <param name="OutChannels">Channels out.</param>
/// <param name="Stride">Of the first leaf.</param>
/// <param name="TakesInput">Whether what comes in, halved, goes to the root as well.</param>
/// <param name="Others">Channels that come to the root from trees around, besides those of its own leaves.</param>
internal sealed record TreePlace(int Height, int InChannels, int OutChannels, int Stride = 1, bool TakesInput = false, int Others = 0)
{
    /// <summary>Channels that a root joins.</summary>
    public int Joined => (2 * OutChannels) + Others + (TakesInput ? InChannels : 0);
}

/// <summary>Two trees one after the other, or two leaves whose results a root joins with what trees before have given. Keys: project, tree1, tree2, root.</summary>
internal sealed class Tree : Module<Tensor, Tensor>
{
    private readonly MaxPool2d? downsample;
    private readonly Sequential? project;
    private readonly Module tree1, tree2;
    private readonly Root? root;
    private readonly bool _takesInput;

    public Tree(DLAVariant variant, TreePlace place) : base(nameof(Tree))
    {
        var (channels, inner) = (place.OutChannels, place.Height - 1);
        _takesInput = place.TakesInput;
        downsample = place.Stride > 1 ? MaxPool2d(place.Stride, place.Stride) : null;
        if (inner == 0)
        {
            project = place.InChannels == channels ? null : Sequential(Conv2d(place.InChannels, channels, 1, bias: false), BatchNorm2d(channels));
            tree1 = LeafBlock.Of(variant, place.InChannels, channels, place.Stride);
            tree2 = LeafBlock.Of(variant, channels, channels, 1);
            root = new Root(place.Joined, channels, variant.RootAdds);
        }
        else
        {
            tree1 = new Tree(variant, new TreePlace(inner, place.InChannels, channels, place.Stride));
            tree2 = new Tree(variant, new TreePlace(inner, channels, channels, Others: place.Joined - channels));
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => Grow(input, []);

    private Tensor Grow(Tensor input, IReadOnlyList<Tensor> children)
    {
        using var scope = NewDisposeScope();
        var bottom = downsample?.forward(input) ?? input;
        IReadOnlyList<Tensor> all = _takesInput ? [.. children, bottom] : children;
        if (root is null)
        {
            var first = ((Tree)tree1).Grow(input, []);
            return ((Tree)tree2).Grow(first, [.. all, first]).MoveToOuterDisposeScope();
        }

        var x1 = ((LeafBlock)tree1).Pass(input, project?.forward(bottom) ?? bottom);
        var x2 = ((LeafBlock)tree2).Pass(x1, x1);
        return root.Join([x2, x1, .. all]).MoveToOuterDisposeScope();
    }

    /// <summary>Keys: conv, bn.</summary>
    private sealed class Root : Module
    {
        private readonly Conv2d conv;
        private readonly BatchNorm2d bn;
        private readonly bool _adds;

        public Root(int inChannels, int outChannels, bool adds) : base(nameof(Root))
        {
            conv = Conv2d(inChannels, outChannels, 1, bias: false);
            bn = BatchNorm2d(outChannels);
            _adds = adds;
            RegisterComponents();
        }

        public Tensor Join(IReadOnlyList<Tensor> children)
        {
            using var scope = NewDisposeScope();
            var x = bn.forward(conv.forward(cat(children, 1)));
            return functional.relu(_adds ? x + children[0] : x).MoveToOuterDisposeScope();
        }
    }
}
