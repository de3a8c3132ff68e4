using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>Divides each channel by its root mean square over the image, then a factor, a summand, and a learnt threshold for an activation. Keys: weight, bias, tau.</summary>
/// <remarks>Singh, Krishnan 2019, arXiv:1911.09737.</remarks>
public sealed class FilterResponseNorm : Module<Tensor, Tensor>
{
    private const double Eps = 1e-5;

    private readonly Parameter weight, bias, tau;

    /// <summary>For maps of this many channels.</summary>
    public FilterResponseNorm(int channels) : base(nameof(FilterResponseNorm))
    {
        (weight, bias, tau) = (new Parameter(ones(channels)), new Parameter(zeros(channels)), new Parameter(zeros(channels)));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input * (input.square().mean([2, 3], keepdim: true) + Eps).rsqrt();
        return ((x * weight.view(-1, 1, 1)) + bias.view(-1, 1, 1)).maximum(tau.view(-1, 1, 1)).MoveToOuterDisposeScope();
    }
}
