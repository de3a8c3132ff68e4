namespace Osteon.Abstractions;

/// <summary>Changes image and labels where they stand, such as dropping a rectangle out of both.</summary>
public abstract class SampleAugmentation : DrawnAugmentation
{
    private protected SampleAugmentation(double p)
        : base(p)
    {
    }

    /// <summary>The changed sample.</summary>
    public abstract Sample Transform(Sample sample, object draw, Workspace workspace);
}

/// <summary>Changes image and labels where they stand, such as dropping a rectangle out of both.</summary>
public abstract class SampleAugmentation<TDraw>(double p) : SampleAugmentation(p) where TDraw : notnull
{
    /// <inheritdoc/>
    public sealed override Type DrawType => typeof(TDraw);

    /// <inheritdoc/>
    public sealed override object Draw(ref RandomStream random, in DrawContext context) => DrawParameters(ref random, in context);

    /// <inheritdoc/>
    public sealed override Sample Transform(Sample sample, object draw, Workspace workspace) => Transform(sample, (TDraw)draw, workspace);

    /// <summary>Draws the parameters.</summary>
    protected abstract TDraw DrawParameters(ref RandomStream random, in DrawContext context);

    /// <summary>
    /// The changed sample, in memory of the workspace; parts that stay are passed on as they are (<c>sample with { … }</c>, so that
    /// <see cref="Sample.Second"/> stays too). The input is left as it is.
    /// </summary>
    protected abstract Sample Transform(Sample sample, TDraw draw, Workspace workspace);
}
