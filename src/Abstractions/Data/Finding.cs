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
public sealed record Finding(Severity Severity, string Check, string Where, string Message);
