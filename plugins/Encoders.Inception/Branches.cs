using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Inception;

/// <summary>Branches beside each other, whose maps are joined in order, each under its own key.</summary>
internal class Branches : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor>[] _branches;

    public Branches(params (string Name, Module<Tensor, Tensor> Branch)[] branches) : base(nameof(Branches))
    {
        _branches = [.. branches.Select(entry => entry.Branch)];
        foreach (var (name, branch) in branches)
        {
            register_module(name, branch);
        }
    }

    /// <summary>Keys: branch0, branch1, …</summary>
    public static Branches Numbered(params Module<Tensor, Tensor>[] branches) => new([.. branches.Select((branch, i) => ($"branch{i}", branch))]);

    /// <summary>Averages 3×3 pixels, those within the map, then convolves. Key: 1.</summary>
    public static Sequential Averaged(int inChannels, int outChannels) =>
        Sequential(AvgPool2d(3, 1, 1, count_include_pad: false), new BasicConv2d(inChannels, outChannels, 1));

    /// <summary>Halves a map, or, without padding, gives a little less.</summary>
    public static MaxPool2d Halved(bool pads) => MaxPool2d(3, 2, pads ? 1 : 0);

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Joined(input).MoveToOuterDisposeScope();
    }

    protected Tensor Joined(Tensor input) => cat([.. _branches.Select(branch => branch.forward(input))], 1);
}

/// <summary>Branches whose joined maps, scaled down, are added to what came in. Keys: branch0, branch1, …, conv2d.</summary>
internal sealed class ResidualBranches : Branches
{
    private readonly Conv2d _conv2d;
    private readonly double _scale;
    private readonly bool _rectified;

    public ResidualBranches(int channels, int joined, double scale, bool rectified, params Module<Tensor, Tensor>[] branches)
        : base([.. branches.Select((branch, i) => ($"branch{i}", branch))])
    {
        (_conv2d, _scale, _rectified) = (Conv2d(joined, channels, 1), scale, rectified);
        register_module("conv2d", _conv2d);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = (_conv2d.forward(Joined(input)) * _scale) + input;
        return (_rectified ? functional.relu(x, inplace: true) : x).MoveToOuterDisposeScope();
    }
}
