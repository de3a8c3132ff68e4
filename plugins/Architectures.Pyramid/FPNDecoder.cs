using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Pyramid;

/// <summary>What the decoder is made of.</summary>
internal sealed record FPNDecoderOptions(int PyramidChannels, int SegmentationChannels, bool Concatenate, double Dropout, InterpolationMode Interpolation)
{
    public int OutChannels => Concatenate ? FPNDecoder.Maps * SegmentationChannels : SegmentationChannels;
}

/// <summary>Carries what deep maps know down to the shallower ones, brings all four to the size of the largest, and merges them.</summary>
internal sealed class FPNDecoder : Module<IReadOnlyList<Tensor>, Tensor>
{
    public const int Maps = 4;
    public const int NormGroups = 32;

    private readonly Conv2d p5;
    private readonly Lateral p4, p3, p2;
    private readonly ModuleList<Branch> seg_blocks;
    private readonly Dropout2d dropout;
    private readonly bool _concatenate;

    public FPNDecoder(IReadOnlyList<int> encoderChannels, FPNDecoderOptions options) : base(nameof(FPNDecoder))
    {
        _concatenate = options.Concatenate;
        p5 = Conv2d(encoderChannels[^1], options.PyramidChannels, 1);
        p4 = new Lateral(encoderChannels[^2], options);
        p3 = new Lateral(encoderChannels[^3], options);
        p2 = new Lateral(encoderChannels[^4], options);
        seg_blocks = ModuleList([.. Enumerable.Range(0, Maps).Select(i => new Branch(options.PyramidChannels, options.SegmentationChannels, doublings: Maps - 1 - i))]);
        dropout = Dropout2d(options.Dropout, inplace: true);
        RegisterComponents();
    }

    public override Tensor forward(IReadOnlyList<Tensor> input)
    {
        using var scope = NewDisposeScope();
        var deepest = p5.forward(input[^1]);
        var third = p4.forward(deepest, input[^2]);
        var second = p3.forward(third, input[^3]);
        var largest = p2.forward(second, input[^4]);
        Tensor[] branches = [.. new[] { deepest, third, second, largest }.Select((map, i) => seg_blocks[i].forward(map))];
        var merged = _concatenate ? cat(branches, 1) : branches.Aggregate((sum, branch) => sum + branch);
        return dropout.forward(merged).MoveToOuterDisposeScope();
    }

    /// <summary>Enlarges what comes from below and adds the encoder's map. Key: skip_conv.</summary>
    private sealed class Lateral : Module<Tensor, Tensor, Tensor>
    {
        private readonly Conv2d skip_conv;
        private readonly InterpolationMode _interpolation;

        public Lateral(int skipChannels, FPNDecoderOptions options) : base(nameof(Lateral))
        {
            _interpolation = options.Interpolation;
            skip_conv = Conv2d(skipChannels, options.PyramidChannels, 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor below, Tensor beside)
        {
            using var scope = NewDisposeScope();
            return (Resampling.Twice(below, _interpolation) + skip_conv.forward(beside)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Convolves and doubles the size, as often as the level lies below the largest. Key: block.</summary>
    private sealed class Branch : Module<Tensor, Tensor>
    {
        private readonly Sequential block;

        public Branch(int inChannels, int outChannels, int doublings) : base(nameof(Branch))
        {
            block = Sequential(Enumerable.Range(0, Math.Max(1, doublings))
                .Select(i => (Module<Tensor, Tensor>)new GroupNormConvolution(i == 0 ? inChannels : outChannels, outChannels, doublings > 0)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => block.forward(input);
    }

    private sealed class GroupNormConvolution : Module<Tensor, Tensor>
    {
        private readonly Sequential block;
        private readonly bool _doubles;

        public GroupNormConvolution(int inChannels, int outChannels, bool doubles) : base(nameof(GroupNormConvolution))
        {
            _doubles = doubles;
            block = Sequential(Conv2d(inChannels, outChannels, 3, padding: 1, bias: false), GroupNorm(NormGroups, outChannels), ReLU(inplace: true));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = block.forward(input);
            return (_doubles ? Resampling.Twice(x, InterpolationMode.Bilinear, alignCorners: true) : x).MoveToOuterDisposeScope();
        }
    }
}
