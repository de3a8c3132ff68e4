namespace Osteon.Abstractions;

/// <summary>Folders that are written to.</summary>
public static class OutputFolder
{
    /// <summary>Makes a folder, and those it lies in.</summary>
    /// <returns>Its full path.</returns>
    /// <exception cref="OutputException">It cannot be made, or a file has its name.</exception>
    public static string Create(string path)
    {
        try
        {
            return Directory.CreateDirectory(path).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(path, e);
        }
    }

    /// <summary>Copies a folder, with all that is in it, to a place where it is seen when it is whole; what was there is gone then.</summary>
    /// <param name="from">An existing folder.</param>
    /// <param name="path">Its copy, made beside its place under a name of its own.</param>
    /// <exception cref="OutputException">It cannot be written; what was there is as it was.</exception>
    public static void Copy(string from, string path)
    {
        var partial = Path.TrimEndingDirectorySeparator(path) + ".partial";
        Remove(partial);
        Create(partial);
        try
        {
            foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            {
                AtomicFile.Copy(file, Path.Combine(partial, Path.GetRelativePath(from, file)));
            }

            Remove(path);
            Directory.Move(partial, path);
        }
        catch
        {
            Remove(partial);
            throw;
        }
    }

    /// <summary>Removes a folder with all that is in it, where there is one.</summary>
    /// <param name="path">The folder.</param>
    public static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>Makes sure, before work is spent on it, that a file or a folder can be written at a place. Leaves nothing.</summary>
    /// <param name="path">The place; nothing need be there yet.</param>
    /// <exception cref="OutputException">Nothing can be written there, or in the folder where it would be made.</exception>
    public static void Demand(string path)
    {
        var whole = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var nearest = whole;
        while (!Directory.Exists(nearest))
        {
            nearest = nearest != whole && File.Exists(nearest) ? throw new OutputException(path, new IOException(nearest, StorageFault.NotFolder)) : Path.GetDirectoryName(nearest)!;
        }

        var probe = Path.Combine(nearest, $".{Guid.NewGuid():N}.tmp");
        try
        {
            new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(path, e);
        }
    }
}
