using Osteon.Abstractions;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.NnUnet;

/// <summary>Encoder and decoder of nnU-Net. Images (N, C, H, W), or volumes (N, C, D, H, W). Keys: encoder, decoder.</summary>
internal sealed class StagedUNet : Network
{
    private readonly StagedEncoder encoder;
    private readonly StagedDecoder decoder;
    private readonly InputSizes _sizes;
    private readonly IReadOnlyList<NetworkOutput> _outputs;

    public StagedUNet(string name, StagedEncoder encoder, StagePlan plan, Layers layers, NetworkShape shape, bool deepSupervision, bool nonlinearFirst = false) : base(name)
    {
        this.encoder = encoder;
        decoder = new StagedDecoder(encoder, plan, layers, shape.Classes, nonlinearFirst);
        _sizes = new InputSizes(plan.SizeMultiple);
        _outputs = deepSupervision ? NetworkOutput.DeepSupervision(plan.Stages - 1) : [NetworkOutput.Main];
        RegisterComponents();
        Initialize();
        decoder.Start(shape);
    }

    public override InputSizes Sizes => _sizes;

    public override IReadOnlyList<NetworkOutput> Outputs => _outputs;

    public override Tensor forward(Tensor input) => Logits(input, everyLevel: false)[0];

    public override IReadOnlyList<Tensor> ForwardAll(Tensor input) => Logits(input, everyLevel: _outputs.Count > 1);

    private IReadOnlyList<Tensor> Logits(Tensor input, bool everyLevel)
    {
        using var scope = NewDisposeScope();
        return decoder.forward(encoder.forward(input), everyLevel).MoveToOuterDisposeScope();
    }

    // nnU-Net's: normal by fan in for leaky units of slope 0.01, and residual branches that begin silent.
    private void Initialize()
    {
        foreach (var part in modules().Distinct())
        {
            switch (part)
            {
                case Convolution convolution:
                    init.kaiming_normal_(convolution.weight, a: 1e-2);
                    if (convolution.bias is { } bias)
                    {
                        init.zeros_(bias);
                    }

                    break;
                case ResidualBlock block:
                    block.Silence();
                    break;
            }
        }
    }
}
