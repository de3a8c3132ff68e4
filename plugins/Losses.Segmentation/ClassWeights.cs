using Osteon.Abstractions;
using static TorchSharp.torch;

namespace Osteon.Plugins.Losses.Segmentation;

/// <summary>Weights by class, beside logits (N, K, H, W).</summary>
internal static class ClassWeights
{
    /// <summary>These weights, when they are numbers of at least 0.</summary>
    /// <exception cref="ConfigurationException">They are not.</exception>
    public static float[] Checked(string option, IReadOnlyList<double> weights) => weights.All(w => w is >= 0 and < double.PositiveInfinity)
        ? [.. weights.Select(w => (float)w)]
        : throw new ConfigurationException($"{option} [{string.Join(", ", weights)}] must be numbers of at least 0.");

    /// <summary>A tensor (K or 1, 1, 1) on the logits' device; null when no weight is given.</summary>
    /// <exception cref="ConfigurationException">There are more weights than one, and not one for each class.</exception>
    public static Tensor? Of(string option, float[] weights, Tensor logits) =>
        weights.Length == 0 ? null
        : weights.Length == 1 || weights.Length == logits.shape[1] ? tensor(weights, [weights.Length, 1, 1], dtype: logits.dtype, device: logits.device)
        : throw new ConfigurationException($"{option} has {weights.Length} numbers, the experiment {logits.shape[1]} classes; give one for all, or one for each.");
}
