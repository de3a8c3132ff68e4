using Osteon.Abstractions;

namespace Osteon.Tracking;

/// <summary>
/// A run's folder in the spool: <c>journal</c>, <c>delivered.json</c>, <c>artifacts/</c> and <c>lock</c>. The process that runs or
/// sends the run holds the lock, and the operating system lets go of it when that process dies.
/// </summary>
internal sealed class RunFolder(string path)
{
    private const string Remains = ".removed-";

    /// <summary>The folder.</summary>
    public string FullPath => path;

    /// <summary>The run's id, which is the folder's name.</summary>
    public string RunId => Path.GetFileName(path);

    /// <summary>Its events.</summary>
    public string Journal => Path.Combine(path, "journal");

    /// <summary>How far they have been delivered.</summary>
    public string Delivered => Path.Combine(path, "delivered.json");

    /// <summary>True when there is something to deliver.</summary>
    public bool HasJournal => File.Exists(Journal);

    /// <summary>When the run was last written to.</summary>
    public DateTime LastSign => File.GetLastWriteTimeUtc(Lock);

    private string Lock => Path.Combine(path, "lock");

    /// <summary>Where an artifact waits; null when the name is not one that <see cref="Stage(string, string)"/> gave.</summary>
    public string? Staged(string name) =>
        Guid.TryParseExact(name, "N", out _) ? Path.Combine(path, "artifacts", name) : null;

    /// <summary>Run folders of a spool, whoever they belong to.</summary>
    public static IEnumerable<RunFolder> Of(string spool) => Directory.Exists(spool)
        ? Directory.EnumerateDirectories(spool).Where(f => Guid.TryParseExact(Path.GetFileName(f), "N", out _)).Select(f => new RunFolder(f))
        : [];

    /// <summary>Takes the lock; null while another holds it.</summary>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    public FileStream? TryLock()
    {
        Directory.CreateDirectory(path);
        try
        {
            return new FileStream(Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException) when (File.Exists(Lock))
        {
            return null;
        }
    }

    /// <summary>Copies a file as it is now.</summary>
    /// <param name="file">Any readable file.</param>
    /// <param name="under">Folders under the run's artifacts, '/' between them; empty: none.</param>
    /// <exception cref="ConfigurationException">The name leaves the run's folder, or MLflow cannot serve it.</exception>
    /// <exception cref="IOException">The file cannot be read or the copy not written.</exception>
    public ArtifactEvent Stage(string file, string under)
    {
        using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Stage(source, under.Length == 0 ? Path.GetFileName(file) : $"{under}/{Path.GetFileName(file)}");
    }

    /// <summary>Copies a stream to the end.</summary>
    /// <inheritdoc cref="Stage(string, string)"/>
    public ArtifactEvent Stage(Stream source, string target)
    {
        if (target.Split('/').Any(part => part is "" or "." or "..") || target.Any(c => c is '\\' or '#' || char.IsControl(c)))
        {
            throw new ConfigurationException(
                $"'{target}' cannot name an artifact; allowed are relative paths without empty, '.' or '..' parts, '\\', '#' and control characters");
        }

        var name = Guid.NewGuid().ToString("N");
        var staged = Staged(name)!;
        Directory.CreateDirectory(Path.GetDirectoryName(staged)!);
        try
        {
            using var copy = new FileStream(staged, FileMode.CreateNew, FileAccess.Write);
            source.CopyTo(copy, 1 << 20);
            return new ArtifactEvent(name, target, copy.Position);
        }
        catch
        {
            File.Delete(staged);
            throw;
        }
    }

    /// <summary>Removes the folder, in one step as others see it; whoever holds the lock may do so.</summary>
    public void Remove()
    {
        var remains = Path.Combine(Path.GetDirectoryName(path)!, Remains + RunId);
        try
        {
            Directory.Move(path, remains);
            Directory.Delete(remains, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What stays is delivered again, which does no harm, or swept away later.
        }
    }

    /// <summary>Removes what killed processes left of folders that were being made or removed.</summary>
    public static void Sweep(string spool, DateTime before)
    {
        foreach (var rest in Directory.Exists(spool) ? Directory.EnumerateDirectories(spool, Remains + "*") : [])
        {
            TryDelete(rest);
        }

        foreach (var empty in Of(spool).Where(f => !f.HasJournal && Directory.GetLastWriteTimeUtc(f.FullPath) < before))
        {
            TryDelete(empty.FullPath);
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process is at it.
        }
    }
}
