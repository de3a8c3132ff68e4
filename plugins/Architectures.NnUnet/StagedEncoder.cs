using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.NnUnet;

/// <summary>Stages one after another, each of whose maps is given, the finest first. Keys: stem, stages.</summary>
internal sealed class StagedEncoder : Module<Tensor, IReadOnlyList<Tensor>>
{
    private readonly ConvStack? stem;
    private readonly Sequential stages;

    public StagedEncoder(ConvStack? stem, IEnumerable<Module<Tensor, Tensor>> stages) : base(nameof(StagedEncoder))
    {
        (this.stem, this.stages) = (stem, Sequential(stages));
        RegisterComponents();
    }

    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = stem?.forward(input) ?? input;
        var maps = new List<Tensor>();
        for (var i = 0; i < stages.Count; i++)
        {
            x = stages[i].call(x);
            maps.Add(x);
        }

        return maps.MoveToOuterDisposeScope();
    }
}
