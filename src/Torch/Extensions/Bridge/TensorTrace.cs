using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Osteon.Torch;

/// <summary>
/// Remembers of every tensor where it was made, so that a leak has a name. Off unless the environment says
/// <c>OSTEON_TORCH_TRACE=1</c>, which also writes <see cref="Report"/> to standard error when the process ends, or
/// <see cref="Enabled"/> is set. Off, it costs nothing; on, some tens of microseconds a tensor.
/// </summary>
public static class TensorTrace
{
    private static readonly ConcurrentDictionary<int, Birth> s_live = new();
    private static readonly ConcurrentDictionary<CreationSite, Tally> s_forgotten = new();
    private static int s_last;

    /// <summary>Whether tensors made from now on are traced.</summary>
    public static bool Enabled { get; set; } = Environment.GetEnvironmentVariable("OSTEON_TORCH_TRACE") == "1" && ReportAtExit();

    /// <summary>Traced tensors that live, by the place where they were made, most bytes first.</summary>
    public static IReadOnlyList<TensorSite> Live() => Live(0);

    /// <summary>Tensors that nobody disposed and the finaliser freed, by the place where they were made: leaks, each of them.</summary>
    public static IReadOnlyList<TensorSite> Forgotten() => Sorted(s_forgotten.Select(e => (e.Key, e.Value)));

    /// <summary>Tells at the end of a region which of the tensors made in it, by any thread, still live.</summary>
    /// <param name="tell">Gets the places; none when all are gone.</param>
    public static IDisposable Watch(Action<IReadOnlyList<TensorSite>> tell) => new Region(Volatile.Read(ref s_last), tell);

    /// <summary>What lives and what was forgotten, as text for people; collects first, so that forgotten tensors are known.</summary>
    public static string Report()
    {
        TensorMemory.Relieve();
        var text = new StringBuilder();
        Add(text, "live", Live());
        Add(text, "left to the finaliser: dispose them, or make them in a scope", Forgotten());
        return text.ToString();
    }

    internal static int Note(int kibibytes)
    {
        var number = Interlocked.Increment(ref s_last) & int.MaxValue;
        s_live[number] = new Birth(CreationSite.OfCaller(), kibibytes);
        return ~number;
    }

    internal static int KibibytesOf(int account) => s_live[~account].Kibibytes;

    /// <summary>Strikes it off.</summary>
    /// <returns>Its KiB.</returns>
    internal static int Close(int account, bool forgotten)
    {
        if (!s_live.TryRemove(~account, out var birth))
        {
            return 0;
        }

        if (forgotten)
        {
            s_forgotten.AddOrUpdate(birth.Site, _ => new Tally(1, birth.Bytes), (_, sum) => new Tally(sum.Count + 1, sum.Bytes + birth.Bytes));
        }

        return birth.Kibibytes;
    }

    private static IReadOnlyList<TensorSite> Live(int since) => Sorted(s_live.Where(e => e.Key > since).GroupBy(e => e.Value.Site)
        .Select(g => (g.Key, new Tally(g.LongCount(), g.Sum(e => e.Value.Bytes)))));

    private static IReadOnlyList<TensorSite> Sorted(IEnumerable<(CreationSite Site, Tally Tally)> sites) =>
        [.. sites.Select(s => s.Site.With(s.Tally.Count, s.Tally.Bytes)).OrderByDescending(s => s.Bytes).ThenByDescending(s => s.Count)];

    private static void Add(StringBuilder text, string what, IReadOnlyList<TensorSite> sites)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"tensors {what}: {sites.Sum(s => s.Count)} of {sites.Sum(s => s.Bytes) >> 10} KiB, made in {sites.Count} places");
        foreach (var site in sites)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {site}");
        }
    }

    private static bool ReportAtExit()
    {
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => Console.Error.Write(Report());
        return true;
    }

    private readonly record struct Birth(CreationSite Site, int Kibibytes)
    {
        public long Bytes => (long)Kibibytes << 10;
    }

    private readonly record struct Tally(long Count, long Bytes);

    private sealed class Region(int since, Action<IReadOnlyList<TensorSite>> tell) : IDisposable
    {
        public void Dispose() => tell(Live(since));
    }
}
