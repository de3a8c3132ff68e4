using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.DPN;

/// <summary>The network's body. Keys: conv1_1, conv2_1 … conv5_3, conv5_bn_ac.</summary>
internal sealed class DualPaths : Module
{
    private readonly Stem _stem;
    private readonly DualPathBlock[][] _stages;

    /// <param name="inChannels">Image channels.</param>
    /// <param name="variant">The network's numbers.</param>
    /// <param name="stages">Stages behind the stem, at most four; only with four does it end in a normalisation, and only if it is wanted.</param>
    /// <param name="normalised">Whether the last normalisation is wanted.</param>
    /// <param name="smooth">Whether the stem ends in SiLU, rather than ReLU.</param>
    public DualPaths(int inChannels, DPNVariant variant, int stages = 4, bool normalised = true, bool smooth = false) : base(nameof(DualPaths))
    {
        _stem = new Stem(inChannels, variant.Stem, variant.Small ? 3 : 7, smooth);
        Add("conv1_1", _stem);
        _stages = [.. variant.Blocks.Take(stages).Select((blocks, stage) => Enumerable.Range(0, blocks).Select(block => new DualPathBlock(variant, stage, block)).ToArray())];
        foreach (var (stage, blocks) in _stages.Index())
        {
            foreach (var (block, module) in blocks.Index())
            {
                Add($"conv{stage + 2}_{block + 1}", module);
            }
        }

        if (normalised)
        {
            Last = new CatBnAct(variant.Channels[^1]);
            Add("conv5_bn_ac", Last);
        }
    }

    /// <summary>Its parts by their keys.</summary>
    public List<(string Key, Module Part)> Parts { get; } = [];

    /// <summary>Joins and normalises what the last stage gives.</summary>
    public CatBnAct? Last { get; }

    /// <summary>Stages behind the stem.</summary>
    public int Stages => _stages.Length;

    /// <summary>The blocks of a stage, 0 to 3.</summary>
    public DualPathBlock[] Stage(int index) => _stages[index];

    /// <summary>The stem's map, (N, stem, H/2, W/2), then both paths after each stage.</summary>
    public IEnumerable<IReadOnlyList<Tensor>> Maps(Tensor input)
    {
        var x = _stem.forward(input);
        yield return [x];
        IReadOnlyList<Tensor> paths = [functional.max_pool2d(x, 3, 2, 1)];
        foreach (var blocks in _stages)
        {
            foreach (var block in blocks)
            {
                paths = block.forward(paths);
            }

            yield return paths;
        }
    }

    private void Add(string key, Module part)
    {
        Parts.Add((key, part));
        register_module(key, part);
    }

    private sealed class Stem : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv;
        private readonly BatchNorm2d bn;
        private readonly bool _smooth;

        public Stem(int inChannels, int channels, int kernel, bool smooth) : base(nameof(Stem))
        {
            conv = Conv2d(inChannels, channels, kernel, stride: 2, padding: kernel / 2, bias: false);
            bn = BatchNorm2d(channels, eps: DualPathBlock.Eps);
            _smooth = smooth;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = bn.forward(conv.forward(input));
            return (_smooth ? functional.silu(x) : functional.relu(x, inplace: true)).MoveToOuterDisposeScope();
        }
    }
}
