namespace Osteon.Abstractions;

/// <summary>Changes intensities; labels stay as they are.</summary>
public abstract class IntensityAugmentation : DrawnAugmentation
{
    private protected IntensityAugmentation(double p)
        : base(p)
    {
    }

    /// <summary>Writes the changed image.</summary>
    public abstract void Transform(Image from, Image to, object draw, Workspace workspace);
}

/// <summary>Changes intensities; labels stay as they are.</summary>
public abstract class IntensityAugmentation<TDraw>(double p) : IntensityAugmentation(p) where TDraw : notnull
{
    /// <inheritdoc/>
    public sealed override Type DrawType => typeof(TDraw);

    /// <inheritdoc/>
    public sealed override object Draw(ref RandomStream random, in DrawContext context) => DrawParameters(ref random, in context);

    /// <inheritdoc/>
    public sealed override void Transform(Image from, Image to, object draw, Workspace workspace) => Transform(from, to, (TDraw)draw, workspace);

    /// <summary>Draws the parameters.</summary>
    protected abstract TDraw DrawParameters(ref RandomStream random, in DrawContext context);

    /// <summary>Writes the changed image; the same draw gives the same bytes.</summary>
    /// <param name="from">Left as it is.</param>
    /// <param name="to">Same frame and depth, other memory; every pixel is to be written, for it comes with old ones in it.</param>
    /// <param name="draw">What was drawn.</param>
    /// <param name="workspace">For memory that is needed meanwhile.</param>
    protected abstract void Transform(Image from, Image to, TDraw draw, Workspace workspace);
}
