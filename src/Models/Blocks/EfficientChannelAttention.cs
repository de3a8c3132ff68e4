using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>Weighs each channel by what its neighbours' means say, over more of them the more channels there are. Key: conv.</summary>
/// <remarks>Wang et al. 2020, arXiv:1910.03151, equation 12.</remarks>
public sealed class EfficientChannelAttention : Module<Tensor, Tensor>
{
    private const int LeastKernel = 3;
    private readonly Conv1d conv;

    /// <summary>For maps of this many channels.</summary>
    public EfficientChannelAttention(int channels) : base(nameof(EfficientChannelAttention))
    {
        var reach = (int)(Math.Abs(Math.Log2(channels) + 1) / 2);
        var kernel = Math.Max(reach % 2 == 1 ? reach : reach + 1, LeastKernel);
        conv = Conv1d(1, 1, kernel, padding: (kernel - 1) / 2, bias: false);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var means = input.mean([2, 3]).unsqueeze(1);                // (N, 1, C)
        return (input * conv.forward(means).sigmoid().view(input.shape[0], -1, 1, 1)).MoveToOuterDisposeScope();
    }
}
