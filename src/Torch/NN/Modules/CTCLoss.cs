using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary><see cref="functional.ctc_loss"/></summary>
public sealed class CTCLoss : Loss<Tensor, Tensor, Tensor, Tensor, Tensor>
{
    private readonly long _blank;
    private readonly bool _zeroInfinity;

    internal CTCLoss(long blank, bool zero_infinity, Reduction reduction)
        : base(reduction) => (_blank, _zeroInfinity) = (blank, zero_infinity);

    public override Tensor forward(Tensor log_probs, Tensor targets, Tensor input_lengths, Tensor target_lengths) =>
        functional.ctc_loss(log_probs, targets, input_lengths, target_lengths, _blank, _zeroInfinity, reduction);
}
