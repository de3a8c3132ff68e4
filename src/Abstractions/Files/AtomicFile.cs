namespace Osteon.Abstractions;

/// <summary>Writes files that are either whole or absent, whatever kills the process.</summary>
public static class AtomicFile
{
    /// <summary>Writes beside <paramref name="path"/>, syncs to disk, then renames over it.</summary>
    /// <exception cref="OutputException">The disk is full or the folder is not writable; nothing is left behind, and a file that had the name is as it was.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        OutputFolder.Create(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var partial = $"{path}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.tmp";
        var writing = false;
        try
        {
            using (var stream = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                writing = true;
                write(stream);
                writing = false;
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch (Exception e)
        {
            Delete(partial);

            // The caller reads other files while it writes this one: only what reading cannot meet is then said of this one.
            if (e is not OutputException && (StorageFault.IsOfWriting(e) || (!writing && (e is IOException or UnauthorizedAccessException))))
            {
                throw new OutputException(path, e);
            }

            throw;
        }
    }

    /// <summary>Writes bytes.</summary>
    public static void WriteAllBytes(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span));

    /// <summary>Writes UTF-8 without a byte-order mark.</summary>
    public static void WriteAllText(string path, string text) => WriteAllBytes(path, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Copies a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <inheritdoc cref="Write"/>
    public static void Copy(string from, string path)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
        Write(path, source.CopyTo);
    }

    // A folder that takes nothing, or a place that is none, has nothing to delete either.
    private static void Delete(string partial)
    {
        try
        {
            File.Delete(partial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
