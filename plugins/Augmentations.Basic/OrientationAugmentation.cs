using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>How often an augmentation without further options is applied.</summary>
public sealed record ChanceOptions
{
    /// <summary>Probability in [0, 1].</summary>
    public double P { get; init; } = 0.5;
}

/// <summary>Lays the grid on itself or its transpose: no pixel is interpolated, none is lost.</summary>
public abstract class OrientationAugmentation(double p) : SpatialAugmentation<Orientation>(p)
{
    /// <inheritdoc/>
    protected sealed override Geometry Map(Orientation draw, Frame frame) => new GridTurn(draw, frame);
}
