using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>What every post-processor lets an experiment choose; a post-processor's own options derive from it.</summary>
public abstract record PostProcessorOptions
{
    /// <summary>The classes it changes; empty: all, in multiclass mode all but the background. Write a step twice to give classes other options.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>
    /// In multiclass mode the class that gets the pixels a step takes away; null: the first. What a step adds to a class is taken from the class
    /// that had it.
    /// </summary>
    public string? Background { get; init; }

    /// <summary>True: it is applied to a class only where that raised the Dice of validation cases.</summary>
    public bool Auto { get; init; }
}

/// <summary>
/// Changes predicted masks: label runs in, label runs out, by nothing but themselves. It holds its options alone, so that any number of
/// threads may use one instance. The engine chooses the classes, and in multiclass mode sees to it that each pixel keeps one class.
/// </summary>
/// <param name="options">Kept for the engine.</param>
public abstract class PostProcessor(PostProcessorOptions options)
{
    /// <summary>What the experiment chose.</summary>
    public PostProcessorOptions Options { get; } = options;

    /// <summary>True when it looks at its classes together; false when each is changed as if it were alone.</summary>
    public virtual bool Together => false;

    /// <summary>The changed masks.</summary>
    /// <param name="masks">One of each of its classes, of one frame, in the data set's order; classes may overlap.</param>
    /// <returns>As many, of the same frame. The same masks give the same runs.</returns>
    public abstract IReadOnlyList<Mask> Process(IReadOnlyList<Mask> masks);
}

/// <summary>Changes each class by itself.</summary>
/// <param name="options">Kept for the engine.</param>
public abstract class ClassPostProcessor(PostProcessorOptions options) : PostProcessor(options)
{
    /// <inheritdoc/>
    public sealed override bool Together => false;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Mask> Process(IReadOnlyList<Mask> masks) => [.. masks.Select(Process)];

    /// <summary>The changed pixels of a class.</summary>
    /// <param name="mask">May be empty.</param>
    /// <returns>Of the same frame. The same mask gives the same runs.</returns>
    protected abstract Mask Process(Mask mask);
}
