using Osteon.Testing;

namespace Osteon.Fuzz.Tests;

/// <summary>A reader, and whole files that it reads.</summary>
/// <param name="Name">Of the format; the key of its chance.</param>
/// <param name="File">The name a damaged file gets, with its ending.</param>
/// <param name="Seeds">Whole files.</param>
/// <param name="Read">Reads everything of a file.</param>
internal sealed record Target(string Name, string File, Func<IEnumerable<byte[]>> Seeds, Action<string> Read)
{
    /// <summary>Packs what was damaged, so that checksums fit and the damage is met behind them.</summary>
    public Func<byte[], byte[]> Pack { get; init; } = bytes => bytes;

    /// <summary>How many times fewer files than others: a process is started for each.</summary>
    public int Costs { get; init; } = 1;

    /// <summary>Real files beside the checkout, where they are there.</summary>
    /// <param name="patterns">Of names below ../shared/data.</param>
    public static IEnumerable<byte[]> Shared(params string[] patterns)
    {
        const int MostBytes = 100_000;
        var data = Path.GetFullPath(Path.Combine(SharedData.RepositoryRoot, "..", "shared", "data"));
        return !Directory.Exists(data) ? [] : patterns.SelectMany(pattern => Directory.EnumerateFiles(Path.Combine(data, Path.GetDirectoryName(pattern)!), Path.GetFileName(pattern)))
            .Order(StringComparer.Ordinal).Where(file => new FileInfo(file).Length <= MostBytes).Select(System.IO.File.ReadAllBytes);
    }
}
