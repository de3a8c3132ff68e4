namespace Osteon.Abstractions;

/// <summary>Options of an augmentation that holds others; derive the container's own from it.</summary>
public record AugmentationContainerOptions
{
    /// <summary>The augmentations it holds, written as under train.augment; the engine makes them.</summary>
    public IReadOnlyList<Augmentation> Transforms { get; init; } = [];
}

/// <summary>
/// Holds augmentations and chooses which of them run, such as OneOf, SomeOf and Sequential. What was chosen is applied in place, so
/// that spatial ones inside and around it are still joined into one warp.
/// </summary>
/// <param name="options">The augmentations it holds.</param>
/// <param name="p">How often it runs at all.</param>
public abstract class AugmentationContainer(AugmentationContainerOptions options, double p) : Augmentation(p)
{
    private IReadOnlyList<Augmentation> _children = options.Transforms.Count > 0
        ? options.Transforms
        : throw new ConfigurationException("transforms is empty; name at least one augmentation.");

    /// <summary>The augmentations it holds.</summary>
    public IReadOnlyList<Augmentation> Children => _children;

    /// <inheritdoc/>
    public sealed override Augmentation For(IReadOnlyList<string> classes)
    {
        var bound = (AugmentationContainer)MemberwiseClone();
        bound._children = [.. _children.Select(c => c.For(classes))];
        return bound;
    }

    /// <summary>Chooses which run, in this order.</summary>
    public abstract void Choose(ref RandomStream random, ICollection<ChosenAugmentation> chosen);
}

/// <summary>A choice of a container.</summary>
/// <param name="Child">The place in <see cref="AugmentationContainer.Children"/>.</param>
/// <param name="Always">True: whatever its own p says.</param>
public readonly record struct ChosenAugmentation(int Child, bool Always);
