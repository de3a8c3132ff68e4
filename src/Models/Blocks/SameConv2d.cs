using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>
/// A convolution padded as TensorFlow's "same" does: the output has ⌈size / stride⌉ pixels, and where the padding is odd, the larger
/// half is below and to the right. Keys: weight, bias.
/// </summary>
public sealed class SameConv2d : Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private Parameter? bias;
    private readonly long _kernel, _groups;
    private readonly int? _nominal;
    private long _stride, _dilation = 1;
    private bool _symmetric;

    /// <summary>Drawn as PyTorch draws a Conv2d.</summary>
    /// <param name="inChannels">Channels in.</param>
    /// <param name="outChannels">Channels out.</param>
    /// <param name="kernel">Side of the kernel.</param>
    /// <param name="stride">Pixels from one place to the next.</param>
    /// <param name="groups">Groups of channels.</param>
    /// <param name="hasBias">Whether a bias is added.</param>
    /// <param name="nominal">
    /// The side of the map the padding is computed for, once, whatever comes (SMP's efficientnet-b0 and its kin); null computes it for each
    /// input (timm's tf_ models).
    /// </param>
    public SameConv2d(int inChannels, int outChannels, int kernel, int stride = 1, int groups = 1, bool hasBias = false, int? nominal = null)
        : base(nameof(SameConv2d))
    {
        (_kernel, _stride, _groups, _nominal) = (kernel, stride, groups, nominal);
        using var drawn = Conv2d(inChannels, outChannels, kernel, groups: groups, bias: hasBias);
        weight = new Parameter(drawn.weight.detach().clone());
        bias = hasBias ? new Parameter(drawn.bias!.detach().clone()) : null;
        RegisterComponents();
    }

    /// <summary>The side of the output for a side of the input: ⌈side / stride⌉.</summary>
    public static int Side(int side, int stride) => (side + stride - 1) / stride;

    /// <summary>Stride 1, dilated, padded alike on all sides: what <see cref="Dilation"/> makes of it.</summary>
    public void Dilate(int rate) => (_stride, _dilation, _symmetric) = (1, rate, true);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var (vertical, horizontal) = (Padding(input.shape[2]), Padding(input.shape[3]));
        if (_symmetric || (vertical % 2 == 0 && horizontal % 2 == 0))
        {
            return functional.conv2d(input, weight, bias, [_stride, _stride], [vertical / 2, horizontal / 2], [_dilation, _dilation], _groups);
        }

        using var padded = functional.pad(input, [horizontal / 2, horizontal - (horizontal / 2), vertical / 2, vertical - (vertical / 2)]);
        return functional.conv2d(padded, weight, bias, [_stride, _stride], [0, 0], [_dilation, _dilation], _groups);
    }

    /// <summary>Multiplies what it gives, channel by channel, and adds to it; it has a bias afterwards.</summary>
    /// <param name="scale">(K).</param>
    /// <param name="shift">(K).</param>
    public void Fold(Tensor scale, Tensor shift)
    {
        using var untracked = no_grad();
        weight.mul_(scale.reshape(-1, 1, 1, 1));
        if (bias is not null)
        {
            bias.mul_(scale).add_(shift);
        }
        else
        {
            bias = new Parameter(shift.clone(), requires_grad: false);
            register_parameter(nameof(bias), bias);
        }
    }

    private long Padding(long actual)
    {
        if (_symmetric)
        {
            return _kernel / 2 * _dilation * 2;
        }

        var side = _nominal ?? actual;
        return Math.Max((((side + _stride - 1) / _stride) - 1) * _stride + ((_kernel - 1) * _dilation) + 1 - side, 0);
    }
}
