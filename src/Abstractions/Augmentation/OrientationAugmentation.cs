using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>Options of augmentations that may mirror.</summary>
public abstract record OrientationOptions : AugmentationOptions
{
    /// <summary>
    /// Pairs of classes that change names when the image is mirrored, such as the bones of a left and a right side: [[Left A, Right A], …]. Where
    /// the sample is only turned, they keep them.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> SwapClasses { get; init; } = [];
}

/// <summary>Lays the grid on itself or its transpose: no pixel is interpolated, none is lost.</summary>
public abstract class OrientationAugmentation(OrientationOptions options) : SpatialAugmentation<Orientation>(options.Checked().P)
{
    private readonly IReadOnlyList<IReadOnlyList<string>> _names = Pairs(options.SwapClasses);
    private IReadOnlyList<(int First, int Second)>? _pairs;

    /// <inheritdoc/>
    public sealed override Augmentation For(IReadOnlyList<string> classes)
    {
        if (_names.Count == 0)
        {
            return this;
        }

        var faults = _names.SelectMany(p => p).Where(n => !classes.Contains(n, StringComparer.Ordinal)).Distinct()
            .Select(n => $"{GetType().Name}: swap_classes names '{n}', which is no class. Classes: {string.Join(", ", classes)}.").ToList();
        if (faults.Count > 0)
        {
            throw new ConfigurationException(faults);
        }

        var bound = (OrientationAugmentation)MemberwiseClone();
        var places = classes.ToList();
        bound._pairs = [.. _names.Select(p => (places.IndexOf(p[0]), places.IndexOf(p[1])))];
        return bound;
    }

    /// <inheritdoc/>
    protected sealed override Geometry Map(Orientation draw, Frame frame)
    {
        var mirrors = (System.Numerics.BitOperations.PopCount((uint)draw) & 1) == 1;
        return new GridTurn(draw, frame)
        {
            Swaps = !mirrors || _names.Count == 0 ? [] : _pairs ?? throw new InvalidOperationException("swap_classes names classes, and the augmentation was not told any."),
        };
    }

    private static IReadOnlyList<IReadOnlyList<string>> Pairs(IReadOnlyList<IReadOnlyList<string>> names)
    {
        if (names.FirstOrDefault(p => p.Count != 2 || p[0] == p[1]) is { } odd)
        {
            throw new ConfigurationException($"swap_classes has [{string.Join(", ", odd)}], which is no pair of two classes.");
        }

        var twice = names.SelectMany(p => p).GroupBy(n => n).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? names : throw new ConfigurationException($"swap_classes names '{twice.Key}' in two pairs; a class changes places with one other.");
    }
}
