namespace Osteon.Abstractions;

/// <summary>
/// Says what grey levels become on their way into the network, such as Normalize and ToFloat. It changes no pixel of a sample: levels stay
/// bytes until floats are made of them, and a network is fed at validation and inference as in training. So it stands at the end of
/// train.augment, always applies, and says for every network what models.NAME.normalize says for one.
/// </summary>
/// <param name="p">1.</param>
/// <exception cref="ConfigurationException"><paramref name="p"/> is another.</exception>
public abstract class NormalizingAugmentation(double p) : Augmentation(p is >= 0 and < 1
    ? throw new ConfigurationException($"p is {p.ToString(System.Globalization.CultureInfo.InvariantCulture)}, but a network is fed in one way, in training and afterwards. Leave p out.")
    : p)
{
    /// <summary>What the network is fed with.</summary>
    /// <param name="earlier">What stands before it says so far; null where it is the first.</param>
    /// <exception cref="ConfigurationException">It cannot follow on that.</exception>
    public abstract NormalizeOptions After(NormalizeOptions? earlier);
}
