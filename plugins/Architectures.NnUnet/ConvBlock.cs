using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.NnUnet;

/// <summary>
/// Convolution, dropout, normalisation, nonlinearity; the reference's ConvDropoutNormReLU, which registers each part twice. Keys:
/// conv, norm, and the same tensors again under all_modules.
/// </summary>
internal sealed class ConvBlock : Module<Tensor, Tensor>
{
    private readonly Sequential all_modules;
    private readonly Module<Tensor, Tensor>? _norm;

    public ConvBlock(Layers layers, int inChannels, int outChannels, long[] kernel, long[] stride, bool bias, bool dropout = true, bool nonlinear = true, bool nonlinearFirst = false)
        : base(nameof(ConvBlock))
    {
        _norm = layers.Normalisation(outChannels);
        var last = nonlinear ? layers.Nonlinearity() : null;
        (string Name, Module<Tensor, Tensor>? Part)[] parts =
        [
            ("conv", layers.Convolution(inChannels, outChannels, kernel, stride, bias)),
            ("dropout", dropout ? layers.Dropout() : null),
            ("norm", _norm),
            ("nonlin", last),
        ];
        foreach (var (name, part) in parts)
        {
            if (part is not null)
            {
                register_module(name, part);
            }
        }

        var order = parts.Select(part => part.Part).OfType<Module<Tensor, Tensor>>().ToArray();
        if (nonlinearFirst && _norm is not null && last is not null)
        {
            (order[^1], order[^2]) = (order[^2], order[^1]);
        }

        all_modules = Sequential(order);
        register_module(nameof(all_modules), all_modules);
    }

    public override Tensor forward(Tensor input) => all_modules.forward(input);

    /// <summary>Lets the block begin by giving zeros, so that what it is added to passes unchanged.</summary>
    public void Silence()
    {
        var (weight, bias) = _norm switch
        {
            NormBase norm => (norm.weight, norm.bias),
            _ => (null, null),
        };
        if (weight is not null && bias is not null)
        {
            init.zeros_(weight);
            init.zeros_(bias);
        }
    }
}

/// <summary>Blocks one after another, the first with a stride. Keys: convs.</summary>
internal sealed class ConvStack : Module<Tensor, Tensor>
{
    private readonly Sequential convs;

    public ConvStack(Layers layers, int count, int inChannels, int outChannels, long[] kernel, long[] stride, bool nonlinearFirst = false) : base(nameof(ConvStack))
    {
        var still = Array.ConvertAll(stride, _ => 1L);
        convs = Sequential(Enumerable.Range(0, count).Select(i => (Module<Tensor, Tensor>)new ConvBlock(
            layers, i == 0 ? inChannels : outChannels, outChannels, kernel, i == 0 ? stride : still, layers.Bias, nonlinearFirst: nonlinearFirst)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => convs.forward(input);
}
