using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.HRNet;

/// <summary>How large the network is.</summary>
public sealed record HRNetOCROptions
{
    /// <summary>hrnet_w18_small, hrnet_w18_small_v2, or hrnet_w18, w30, w32, w40, w44, w48, w64. The paper's is hrnet_w48.</summary>
    public string Backbone { get; init; } = "hrnet_w48";

    /// <summary>Channels of the pixels' and the object regions' representations.</summary>
    [Range(1, 4096)]
    public int MidChannels { get; init; } = 512;

    /// <summary>Channels in which pixels and regions are compared.</summary>
    [Range(1, 4096)]
    public int KeyChannels { get; init; } = 256;

    /// <summary>Whether corner pixels' centres fall on each other where maps and logits are enlarged, as in the authors' published weights.</summary>
    public bool AlignCorners { get; init; } = true;

    /// <summary>Share of the channels dropped before the logits, in training.</summary>
    [Range(0.0, 0.99)]
    public double Dropout { get; init; } = 0.05;

    /// <summary>Weight of the rough logits, which say which pixels make up a class's region, in the loss.</summary>
    [Range(0.0, 100.0)]
    public double AuxiliaryWeight { get; init; } = 0.4;
}

/// <summary>
/// HRNet with object-contextual representations: rough logits gather each class's region, and every pixel is seen beside the regions it
/// is most alike. Key names are those of the authors' published code, so that its weights load unmapped.
/// </summary>
/// <remarks>Yuan, Chen, Wang 2020, arXiv:1909.11065; Wang et al. 2020, arXiv:1908.07919.</remarks>
[Architecture("HRNetOCR")]
public sealed class HRNetOCR(HRNetOCROptions options) : Architecture
{
    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder) => new HRNetOCRNetwork(shape, options);

    private sealed class HRNetOCRNetwork : Network
    {
        private const double BackboneDeviation = 0.001;

        private readonly HRNetTrunk _trunk;
        private readonly Sequential conv3x3_ocr;
        private readonly ObjectContext ocr_distri_head;
        private readonly Conv2d cls_head;
        private readonly Sequential aux_head;
        private readonly HRNetOCROptions _options;

        public HRNetOCRNetwork(NetworkShape shape, HRNetOCROptions options) : base(nameof(HRNetOCR))
        {
            const string prefix = "hrnet_";
            var variant = HRNetVariant.Named(options.Backbone.StartsWith(prefix, StringComparison.Ordinal) ? options.Backbone[prefix.Length..] : options.Backbone);
            var (channels, mid) = (Enumerable.Range(0, 4).Sum(variant.Channels), options.MidChannels);
            _options = options;
            _trunk = new HRNetTrunk(variant, shape.InChannels, Enlarged);
            conv3x3_ocr = Sequential(Conv2d(channels, mid, 3, padding: 1), BatchNorm2d(mid), ReLU(inplace: true));
            ocr_distri_head = new ObjectContext(mid, options.KeyChannels, options.Dropout);
            cls_head = Conv2d(mid, shape.Classes, 1);
            aux_head = Sequential(Conv2d(channels, channels, 1), BatchNorm2d(channels), ReLU(inplace: true), Conv2d(channels, shape.Classes, 1));
            foreach (var (key, part) in _trunk.Parts)
            {
                part.apply(Drawn);
                register_module(key, part);
            }

            register_module(nameof(conv3x3_ocr), conv3x3_ocr);
            register_module(nameof(ocr_distri_head), ocr_distri_head);
            register_module(nameof(cls_head), cls_head);
            register_module(nameof(aux_head), aux_head);
            Initialization.Logits(cls_head.bias, shape);
            Initialization.Logits(((Conv2d)aux_head[^1]).bias, shape);
        }

        public override InputSizes Sizes => new(1);

        public override IReadOnlyList<NetworkOutput> Outputs => [NetworkOutput.Main, new(OutputKind.Logits, _options.AuxiliaryWeight)];

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return Enlarged(Logits(input).Main, input).MoveToOuterDisposeScope();
        }

        public override IReadOnlyList<Tensor> ForwardAll(Tensor input)
        {
            using var scope = NewDisposeScope();
            var (main, rough) = Logits(input);
            return [Enlarged(main, input).MoveToOuterDisposeScope(), Enlarged(rough, input).MoveToOuterDisposeScope()];
        }

        // Both (N, K, H/4, W/4).
        private (Tensor Main, Tensor Rough) Logits(Tensor input)
        {
            var (_, branches) = _trunk.Forward(input);
            var maps = cat([branches[0], .. branches.Skip(1).Select(branch => Enlarged(branch, branches[0]))], 1);
            var rough = aux_head.forward(maps);
            return (cls_head.forward(ocr_distri_head.forward(conv3x3_ocr.forward(maps), rough)), rough);
        }

        private Tensor Enlarged(Tensor map, Tensor like) => Resampling.To(map, like.shape[2], like.shape[3], alignCorners: _options.AlignCorners);

        // The authors' first weights where none are loaded; what comes after the trunk keeps PyTorch's.
        private static void Drawn(Module part)
        {
            if (part is Conv2d convolution)
            {
                init.normal_(convolution.weight, std: BackboneDeviation);
            }
        }
    }
}
