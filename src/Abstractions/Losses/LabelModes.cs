using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>What a label mode says of pixels.</summary>
public static class LabelModes
{
    /// <summary>Pixels of a case that predictions are judged by: in multiclass mode those that have a class in the truth, else all.</summary>
    /// <param name="mode">How classes relate.</param>
    /// <param name="truth">One mask a class.</param>
    public static JudgedPixels Judged(this LabelMode mode, IReadOnlyList<Mask> truth) => mode == LabelMode.Multiclass ? JudgedPixels.WithClass(truth) : JudgedPixels.All;
}
