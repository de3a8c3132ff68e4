using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>A mobile network as SMP's <c>tu-</c> encoders hold it. Unlike timm's other networks, these keep the stages that the depth does not use.</summary>
/// <param name="options">What the architecture asks for.</param>
/// <param name="design">The network.</param>
public abstract class TimmMobileEncoder(EncoderOptions options, MobileDesign design)
    : TimmEncoder(options, Features(design), new Model(options, design))
{
    private static TimmFeatures Features(MobileDesign design) => new(2, [.. MobileTrunk.Maps(design).Select(map => map.Channels)]);

    private sealed class Model : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly MobileTrunk _trunk;
        private readonly int[] _after;

        public Model(EncoderOptions options, MobileDesign design) : base("model")
        {
            _trunk = new MobileTrunk(design, options, options.OutputStride);
            _after = [.. MobileTrunk.Maps(design).Take(Features(design).Used(options)).Select(map => map.After)];
            _trunk.RegisterIn(this);
        }

        public override IReadOnlyList<Tensor> forward(Tensor input) => _trunk.Forward(input, _after, training ? _trunk.Stages.Count : _after[^1]);
    }
}
