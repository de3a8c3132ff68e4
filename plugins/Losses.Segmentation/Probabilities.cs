using Osteon.Abstractions;
using static TorchSharp.torch;

namespace Osteon.Plugins.Losses.Segmentation;

/// <summary>What a network's last activation makes of logits (N, K, H, W).</summary>
internal static class Probabilities
{
    public static Tensor Of(Tensor logits, LabelMode mode) => mode == LabelMode.Multiclass ? logits.softmax(1) : logits.sigmoid();
}
