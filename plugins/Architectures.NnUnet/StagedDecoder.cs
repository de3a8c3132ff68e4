using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.NnUnet;

/// <summary>
/// Climbs from the coarsest map, joining the encoder's at each step; every level has logits, the finest given first. Keys: the
/// encoder's again, as the reference has them, then stages, transpconvs, seg_layers.
/// </summary>
internal sealed class StagedDecoder : Module<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>>
{
    private readonly StagedEncoder encoder;
    private readonly ModuleList<ConvStack> stages;
    private readonly ModuleList<Module<Tensor, Tensor>> transpconvs, seg_layers;

    public StagedDecoder(StagedEncoder encoder, StagePlan plan, Layers layers, int classes, bool nonlinearFirst) : base(nameof(StagedDecoder))
    {
        this.encoder = encoder;
        (stages, transpconvs, seg_layers) = (ModuleList<ConvStack>(), ModuleList<Module<Tensor, Tensor>>(), ModuleList<Module<Tensor, Tensor>>());
        var one = Enumerable.Repeat(1L, layers.Axes).ToArray();
        for (var s = 0; s < plan.DecoderConvolutions.Count; s++)
        {
            var fine = plan.Stages - 2 - s;
            var channels = plan.Channels[fine];
            transpconvs.Add(layers.Enlargement(plan.Channels[fine + 1], channels, plan.Strides[fine + 1]));
            stages.Add(new ConvStack(layers, plan.DecoderConvolutions[s], 2 * channels, channels, plan.Kernels[fine], one, nonlinearFirst));
            seg_layers.Add(layers.Convolution(channels, classes, one, one, bias: true));
        }

        RegisterComponents();
    }

    public override IReadOnlyList<Tensor> forward(IReadOnlyList<Tensor> input) => forward(input, everyLevel: true);

    /// <param name="input">The encoder's maps.</param>
    /// <param name="everyLevel">Whether there are logits of each level, or of the finest alone.</param>
    public IReadOnlyList<Tensor> forward(IReadOnlyList<Tensor> input, bool everyLevel)
    {
        using var scope = NewDisposeScope();
        var (x, logits) = (input[^1], new List<Tensor>());
        for (var s = 0; s < stages.Count; s++)
        {
            x = stages[s].forward(cat([transpconvs[s].forward(x), input[^(s + 2)]], 1));
            if (everyLevel || s == stages.Count - 1)
            {
                logits.Insert(0, seg_layers[s].forward(x));
            }
        }

        return logits.MoveToOuterDisposeScope();
    }

    /// <summary>Starts the logits of every level where the shape says.</summary>
    public void Start(NetworkShape shape)
    {
        foreach (var layer in seg_layers)
        {
            Initialization.Logits(((Convolution)layer).bias, shape);
        }
    }
}
