using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>What people see while an experiment runs.</summary>
public interface IConsoleLog
{
    /// <summary>What the command was run for: shown even when everything else is quiet.</summary>
    void Result(string line);

    /// <summary>A line for everyone.</summary>
    void Info(string line);

    /// <summary>A line for those who asked for more.</summary>
    void Verbose(string line);

    /// <summary>Something to look at that stops nothing.</summary>
    void Warn(string line);

    /// <summary>Long work begins.</summary>
    IProgressLine Progress(string title);
}
