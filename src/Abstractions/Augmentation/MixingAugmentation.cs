namespace Osteon.Abstractions;

/// <summary>Samples to mix with: those that the network is trained on, as they are stored.</summary>
public interface ISampleSource
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>Its name, for logs.</summary>
    /// <param name="index">In [0, Count).</param>
    string NameOf(int index);

    /// <summary>A sample, in memory of the workspace.</summary>
    /// <param name="index">In [0, Count).</param>
    /// <param name="workspace">Owns the memory.</param>
    Sample Read(int index, Workspace workspace);
}

/// <summary>Makes one sample of several.</summary>
public abstract class MixingAugmentation : DrawnAugmentation
{
    private protected MixingAugmentation(double p)
        : base(p)
    {
    }

    /// <summary>The further samples a draw takes, as places in the source.</summary>
    public abstract IReadOnlyList<int> Others(object draw);

    /// <summary>The mixed sample.</summary>
    public abstract Sample Transform(Sample sample, IReadOnlyList<Sample> others, object draw, Workspace workspace);
}

/// <summary>
/// Makes one sample of several. The draw says which: places in [0, <see cref="DrawContext.Others"/>), drawn from the stream like all
/// else, so that a mixture depends on (seed, epoch, index) alone.
/// </summary>
public abstract class MixingAugmentation<TDraw>(double p) : MixingAugmentation(p) where TDraw : notnull
{
    /// <inheritdoc/>
    public sealed override Type DrawType => typeof(TDraw);

    /// <inheritdoc/>
    public sealed override object Draw(ref RandomStream random, in DrawContext context) => DrawParameters(ref random, in context);

    /// <inheritdoc/>
    public sealed override IReadOnlyList<int> Others(object draw) => Others((TDraw)draw);

    /// <inheritdoc/>
    public sealed override Sample Transform(Sample sample, IReadOnlyList<Sample> others, object draw, Workspace workspace) =>
        Transform(sample, others, (TDraw)draw, workspace);

    /// <summary>Draws the parameters, the places of the further samples among them. Not called where there are no others.</summary>
    protected abstract TDraw DrawParameters(ref RandomStream random, in DrawContext context);

    /// <summary>The further samples a draw takes, as places in the source.</summary>
    protected abstract IReadOnlyList<int> Others(TDraw draw);

    /// <summary>The mixed sample, in memory of the workspace; the inputs are left as they are.</summary>
    /// <param name="sample">The first.</param>
    /// <param name="others">The further ones, in the order of <see cref="Others(TDraw)"/>; of any frame.</param>
    /// <param name="draw">What was drawn.</param>
    /// <param name="workspace">Owns the result's memory.</param>
    protected abstract Sample Transform(Sample sample, IReadOnlyList<Sample> others, TDraw draw, Workspace workspace);
}
