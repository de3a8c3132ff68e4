using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>Measures what a unit costs, over all tries that it takes.</summary>
internal sealed class UnitClock
{
    /// <summary>Beside an unfinished unit's files; hidden, for it is no part of the result.</summary>
    public const string FileName = ".spent";

    private readonly TimeProvider _clock;
    private readonly string _file;
    private readonly (double Seconds, double Processor) _earlier;
    private readonly long _start;
    private readonly TimeSpan _processor = Environment.CpuUsage.TotalTime;

    /// <summary>Starts to count.</summary>
    /// <param name="clock">The time.</param>
    /// <param name="folder">The unit's partial folder.</param>
    public UnitClock(TimeProvider clock, string folder)
    {
        _clock = clock;
        _file = Path.Combine(folder, FileName);
        _start = clock.GetTimestamp();
        _earlier = Read(_file);
    }

    /// <summary>Who made the unit, and what it has cost until now.</summary>
    public UnitOrigin Origin(string experiment) => new(experiment, _clock.GetUtcNow(), Math.Round(Spent.Seconds, 3), Math.Round(Spent.Processor, 3));

    /// <summary>Leaves the cost for the next try.</summary>
    public void Keep() => AtomicFile.WriteAllText(_file, string.Create(CultureInfo.InvariantCulture, $"{Spent.Seconds:R} {Spent.Processor:R}\n"));

    private (double Seconds, double Processor) Spent =>
        (_earlier.Seconds + _clock.GetElapsedTime(_start).TotalSeconds, _earlier.Processor + (Environment.CpuUsage.TotalTime - _processor).TotalSeconds);

    private static (double Seconds, double Processor) Read(string file) =>
        File.Exists(file) && File.ReadAllText(file).Split(' ') is [var seconds, var processor]
            && double.TryParse(seconds, CultureInfo.InvariantCulture, out var wall) && double.TryParse(processor, CultureInfo.InvariantCulture, out var used)
            ? (wall, used)
            : (0, 0);
}
