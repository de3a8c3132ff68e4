using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.DPN;

/// <summary>Dual path networks: a residual and a dense path side by side, joined and rectified where a decoder takes them.</summary>
/// <remarks>Chen et al. 2017, arXiv:1707.01629. Member names are those of Cadene's pretrained models.</remarks>
[Encoder("dpn68")]
[Encoder("dpn68b")]
[Encoder("dpn92")]
[Encoder("dpn98")]
[Encoder("dpn107")]
[Encoder("dpn131")]
public sealed class DPNEncoder : StagedEncoder
{
    private readonly DualPaths features;

    /// <summary>Builds the variant that the options name.</summary>
    /// <exception cref="ConfigurationException">Another name, or an option outside what is allowed.</exception>
    public DPNEncoder(EncoderOptions options) : base(options, DPNVariant.Named(options.Name).Channels)
    {
        features = new DualPaths(options.InChannels, DPNVariant.Named(options.Name));
        RegisterComponents();
        Dilation.Apply(options.OutputStride, [.. features.Stage(2).Select(block => (16, (Module)block)), .. features.Stage(3).Select(block => (32, (Module)block))]);
    }

    /// <inheritdoc/>
    protected override IEnumerable<Tensor> Maps(Tensor input) => features.Maps(input);

    /// <summary>Keys: conv1_1, conv2_1 … conv5_3, conv5_bn_ac.</summary>
    private sealed class DualPaths : Module
    {
        private readonly Stem _stem;
        private readonly DualPathBlock[][] _stages;
        private readonly CatBnAct _last;

        public DualPaths(int inChannels, DPNVariant variant) : base(nameof(DualPaths))
        {
            _stem = new Stem(inChannels, variant.Stem, variant.Small ? 3 : 7);
            register_module("conv1_1", _stem);
            _stages = [.. variant.Blocks.Select((blocks, stage) => Enumerable.Range(0, blocks).Select(block => new DualPathBlock(variant, stage, block)).ToArray())];
            foreach (var (stage, blocks) in _stages.Index())
            {
                foreach (var (block, module) in blocks.Index())
                {
                    register_module($"conv{stage + 2}_{block + 1}", module);
                }
            }

            _last = new CatBnAct(variant.Channels[^1]);
            register_module("conv5_bn_ac", _last);
        }

        public DualPathBlock[] Stage(int index) => _stages[index];

        public IEnumerable<Tensor> Maps(Tensor input)
        {
            var x = _stem.forward(input);
            yield return x;                                         // (N, stem, H/2, W/2)
            IReadOnlyList<Tensor> paths = [functional.max_pool2d(x, 3, 2, 1)];
            foreach (var blocks in _stages)
            {
                foreach (var block in blocks)
                {
                    paths = block.forward(paths);
                }

                yield return blocks == _stages[^1] ? _last.forward(paths) : functional.relu(cat([.. paths], 1), inplace: true);
            }
        }
    }

    private sealed class Stem : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv;
        private readonly BatchNorm2d bn;

        public Stem(int inChannels, int channels, int kernel) : base(nameof(Stem))
        {
            conv = Conv2d(inChannels, channels, kernel, stride: 2, padding: kernel / 2, bias: false);
            bn = BatchNorm2d(channels, eps: DualPathBlock.Eps);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return functional.relu(bn.forward(conv.forward(input)), inplace: true).MoveToOuterDisposeScope();
        }
    }
}
