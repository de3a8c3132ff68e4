using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>Moves pixels: image and label words together, words by nearest neighbour.</summary>
public abstract class SpatialAugmentation : DrawnAugmentation
{
    private protected SpatialAugmentation(double p)
        : base(p)
    {
    }

    /// <summary>What a draw does to a grid; see <see cref="Geometry"/>.</summary>
    public abstract Geometry Map(object draw, Frame frame);
}

/// <summary>
/// Moves pixels: image and label words together, words by nearest neighbour. It only says how a draw lays the grid; the engine warps,
/// and joins consecutive ones into one warp.
/// </summary>
public abstract class SpatialAugmentation<TDraw>(double p) : SpatialAugmentation(p) where TDraw : notnull
{
    /// <inheritdoc/>
    public sealed override Type DrawType => typeof(TDraw);

    /// <inheritdoc/>
    public sealed override object Draw(ref RandomStream random, in DrawContext context) => DrawParameters(ref random, in context);

    /// <inheritdoc/>
    public sealed override Geometry Map(object draw, Frame frame) => Map((TDraw)draw, frame);

    /// <summary>Draws the parameters.</summary>
    protected abstract TDraw DrawParameters(ref RandomStream random, in DrawContext context);

    /// <summary>What the draw does to a grid of this frame; without chance, and without looking at pixels.</summary>
    protected abstract Geometry Map(TDraw draw, Frame frame);
}
