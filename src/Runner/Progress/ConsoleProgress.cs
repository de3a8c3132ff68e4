using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>A bar with rate and ETA, redrawn in place on a terminal; when piped, only the lines that stay.</summary>
/// <param name="output">Where to draw.</param>
/// <param name="title">What is under way.</param>
/// <param name="terminal">True when the output can be redrawn.</param>
/// <param name="clock">Paces redrawing and measures the rate.</param>
public sealed class ConsoleProgress(TextWriter output, string title, bool terminal, TimeProvider clock) : IProgressLine
{
    private const int BarWidth = 24;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly Lock _sync = new();
    private readonly long _start = clock.GetTimestamp();
    private long _first = -1;
    private long _drawn;
    private bool _visible;

    /// <inheritdoc/>
    public void Report(long done, long total, string? note = null)
    {
        if (!terminal)
        {
            return;
        }

        lock (_sync)
        {
            _first = _first < 0 ? done - 1 : _first;                // a resumed run's rate counts from where it went on
            if (done < total && _visible && clock.GetElapsedTime(_drawn) < Pace)
            {
                return;
            }

            _drawn = clock.GetTimestamp();
            Erase();
            output.Write(Fit(Bar(done, total, note)));
            output.Flush();
            _visible = true;
        }
    }

    /// <inheritdoc/>
    public void Line(string text)
    {
        lock (_sync)
        {
            Erase();
            output.WriteLine($"{title}  {text}");
            output.Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_sync)
        {
            Erase();
            output.Flush();
        }
    }

    private string Bar(long done, long total, string? note)
    {
        var elapsed = clock.GetElapsedTime(_start).TotalSeconds;
        var rate = (done - _first) / Math.Max(elapsed, 1e-3);
        var left = TimeSpan.FromSeconds(Math.Min((total - done) / Math.Max(rate, 1e-9), TimeSpan.FromDays(99).TotalSeconds));
        var filled = total == 0 ? BarWidth : (int)(BarWidth * done / total);
        return string.Create(CultureInfo.InvariantCulture,
            $"{title} {new string('━', filled)}{new string('╌', BarWidth - filled)} {done}/{total}  {rate:F1}/s  ETA {Short(left)}  {note}");
    }

    private static string Short(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours}h{time.Minutes:D2}" : $"{time.Minutes}:{time.Seconds:D2}";

    private static string Fit(string line)
    {
        var width = Console.IsOutputRedirected ? 120 : Math.Max(Console.WindowWidth, 40);
        return line.Length < width ? line : line[..(width - 1)];
    }

    private void Erase()
    {
        if (_visible)
        {
            output.Write("\r\u001b[K");
            _visible = false;
        }
    }
}
