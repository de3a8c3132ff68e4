using System.IO.Compression;
using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>NumPy's .npz files: a zip of .npy files, packed (savez_compressed) or not (savez).</summary>
public static class NpzFile
{
    private const int MaxEntries = 4096;
    private static readonly DateTimeOffset ZipBegin = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Names of the arrays, in file order.</summary>
    /// <exception cref="DataException">The file is missing or no such zip.</exception>
    public static IReadOnlyList<string> Names(string path) => Within(path, zip => Entries(path, zip).Select(e => e.Name).ToArray());

    /// <summary>Reads one array.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The array's; may be left out where the file holds one alone.</param>
    /// <exception cref="DataException">The file is damaged, or holds no such array: those present are listed.</exception>
    public static NumberArray Read(string path, string? name = null) => Within(path, zip =>
    {
        var entries = Entries(path, zip);
        var fits = name is null ? entries : [.. entries.Where(e => e.Name == name)];
        if (fits.Count != 1)
        {
            var listed = string.Join(", ", entries.Select(e => e.Name).DefaultIfEmpty("none"));
            throw new DataException(path, name is null ? $"it holds {entries.Count} arrays, so name one of: {listed}." : $"it holds {(fits.Count == 0 ? "no" : "more than one")} array '{name}'; there are: {listed}.");
        }

        var entry = fits[0].Entry;
        if (entry.Length > BoundedFile.MaxBytes || entry.Length > (entry.CompressedLength * 1032) + 1024)
        {
            throw new DataException(path, $"its array '{fits[0].Name}' says that it has {entry.Length:N0} bytes, packed into {entry.CompressedLength:N0}: the file is damaged, or made to exhaust memory.");
        }

        using var stream = entry.Open();
        var bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        return stream.ReadByte() < 0
            ? NpyFile.Parse(path, bytes)
            : throw new DataException(path, $"its array '{fits[0].Name}' is longer than the zip's directory says: the file is damaged.");
    });

    /// <summary>Writes arrays, packed; the same arrays give the same bytes.</summary>
    public static void Write(string path, params (string Name, NumberArray Array)[] arrays) => AtomicFile.Write(path, stream =>
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, array) in arrays)
        {
            var entry = zip.CreateEntry(name + ".npy", CompressionLevel.Optimal);
            entry.LastWriteTime = ZipBegin;
            using var content = entry.Open();
            NpyFile.Write(content, array);
        }
    });

    private static IReadOnlyList<(string Name, ZipArchiveEntry Entry)> Entries(string path, ZipArchive zip) => zip.Entries.Count <= MaxEntries
        ? [.. zip.Entries.Where(e => e.FullName.EndsWith(".npy", StringComparison.Ordinal)).Select(e => (e.FullName[..^4], e))]
        : throw new DataException(path, $"it holds {zip.Entries.Count} files; at most {MaxEntries} are read.");

    private static T Within<T>(string path, Func<ZipArchive, T> read)
    {
        var bytes = BoundedFile.Read(path);
        try
        {
            using var zip = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
            return read(zip);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw new DataException(path, $"it is no whole .npz file: {e.Message}", e);
        }
    }
}
