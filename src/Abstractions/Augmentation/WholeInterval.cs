namespace Osteon.Abstractions;

/// <summary>Whole numbers that an augmentation draws from, both ends among them; written in YAML as [low, high].</summary>
/// <param name="Low">The least value.</param>
/// <param name="High">The greatest value; equal to the least one where nothing is left to chance.</param>
public readonly record struct WholeInterval(int Low, int High)
{
    /// <summary>[value, value].</summary>
    /// <param name="value">The only value.</param>
    public WholeInterval(int value)
        : this(value, value)
    {
    }

    /// <summary>A uniform draw.</summary>
    public int Draw(ref RandomStream random) => Low + random.NextInt(High - Low + 1);

    /// <summary>[low, high], as it is written in YAML.</summary>
    public override string ToString() => $"[{Low}, {High}]";
}

/// <summary>An interval for each axis; written in YAML as {x: [low, high], y: [low, high]}, or as one interval or number for both. A number v means [v, v].</summary>
/// <param name="X">Along rows.</param>
/// <param name="Y">Along columns.</param>
public readonly record struct PerAxis(Interval X, Interval Y)
{
    /// <summary>The same for both axes.</summary>
    public static PerAxis Both(double low, double high) => new(new Interval(low, high), new Interval(low, high));

    /// <summary>{x: [low, high], y: [low, high]}, as it is written in YAML.</summary>
    public override string ToString() => $"{{x: {X}, y: {Y}}}";
}
