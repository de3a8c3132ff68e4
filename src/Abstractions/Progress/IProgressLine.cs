namespace Osteon.Abstractions;

/// <summary>Long work seen from outside: a bar with rate and ETA on a terminal, a line per epoch when piped.</summary>
public interface IProgressLine : IDisposable
{
    /// <summary>Moves the bar; <paramref name="note"/> is short, e.g. "loss 0.21 · Dice 0.87". Cheap enough for every step.</summary>
    void Report(long done, long total, string? note = null);

    /// <summary>A line that stays, e.g. at the end of an epoch; it is printed on a terminal and when piped.</summary>
    void Line(string text);
}
