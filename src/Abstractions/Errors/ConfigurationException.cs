namespace Osteon.Abstractions;

/// <summary>
/// Something the user can mend: shown without a stack trace, exit code 2. The message says where, what was found, what is
/// allowed and what to do; several faults are one exception with a line each.
/// </summary>
public class ConfigurationException : Exception
{
    /// <summary>One fault.</summary>
    public ConfigurationException(string message, Exception? inner = null)
        : base(message, inner) => Faults = [message];

    /// <summary>All faults at once, one line each.</summary>
    public ConfigurationException(IReadOnlyList<string> faults)
        : base(string.Join(Environment.NewLine, faults)) => Faults = faults;

    /// <summary>The lines to show.</summary>
    public IReadOnlyList<string> Faults { get; }
}
