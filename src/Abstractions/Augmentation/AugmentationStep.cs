namespace Osteon.Abstractions;

/// <summary>One step that was applied to a sample, as a log keeps it and a replay repeats it.</summary>
/// <param name="Place">Where the augmentation stands: its number in the list, then in each container, e.g. "2.0".</param>
/// <param name="Name">The class's name, e.g. Rotate.</param>
/// <param name="Draw">What was drawn.</param>
public sealed record AugmentationStep(string Place, string Name, object Draw)
{
    /// <summary>Place, name and draw, e.g. <c>1 Rotate AffineDraw { Degrees = 12.5 … }</c>.</summary>
    public override string ToString() => $"{Place} {Name} {Draw}";
}
