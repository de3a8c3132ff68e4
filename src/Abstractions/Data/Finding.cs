namespace Osteon.Abstractions;

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Worth a look; training goes on.</summary>
    Amber,

    /// <summary>Blocks training.</summary>
    Red,
}

/// <summary>Something noticed about the data.</summary>
/// <param name="Severity">What it blocks.</param>
/// <param name="Check">The check's name, e.g. "unreadable-image".</param>
/// <param name="Where">The file or case, relative to the data set's root.</param>
/// <param name="Message">What was found, what was expected and what to do.</param>
public sealed record Finding(Severity Severity, string Check, string Where, string Message)
{
    /// <summary>The case's id; null where it is about the whole data set, or about a file that is no case's.</summary>
    public string? Case { get; init; }

    /// <summary>The classes it is about, for pictures.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];
}
