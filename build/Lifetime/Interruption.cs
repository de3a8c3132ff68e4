using System.Runtime.InteropServices;

namespace Osteon.Build;

/// <summary>
/// Ctrl-C and SIGTERM: the first lets stages finish their step and keep a checkpoint, the same once more stops at once. A file beyond ulimit -f is an
/// error of who writes it, and ends no process.
/// </summary>
/// <remarks>A unit's process gets both when its parent is interrupted at a terminal: SIGINT as one of the group, SIGTERM from the parent.</remarks>
public sealed class Interruption : IDisposable
{
    /// <summary>What a shell reports of a command that Ctrl-C ended.</summary>
    public const int ExitCode = 130;

    // No member of PosixSignal; .NET takes the system's own numbers too.
    private const PosixSignal FileSizeExceeded = (PosixSignal)25;

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;
    private readonly HashSet<PosixSignal> _seen = [];

    /// <summary>Listens until disposed.</summary>
    public Interruption() => _signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
        .. OperatingSystem.IsWindows() ? Array.Empty<PosixSignalRegistration>() : [PosixSignalRegistration.Create(FileSizeExceeded, signal => signal.Cancel = true)],
    ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _source.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        bool again, first;
        lock (_seen)
        {
            again = !_seen.Add(signal.Signal);
            first = _seen.Count == 1 && !again;
        }

        if (again)
        {
            Environment.Exit(ExitCode);
        }

        if (first)
        {
            Console.Error.WriteLine("Stopping after this step; once more stops at once.");
            _source.Cancel();
        }
    }
}
