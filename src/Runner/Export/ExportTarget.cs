using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>The folder a data set is written to: made beside its place under a name of its own, and moved there when it is whole.</summary>
internal sealed class ExportTarget
{
    /// <summary>Refuses a place that is taken.</summary>
    /// <exception cref="ConfigurationException">Something is there that is not to be replaced.</exception>
    public ExportTarget(string folder, bool replace)
    {
        Folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        Partial = Folder + ".partial";
        if (File.Exists(Folder) || File.Exists(Partial))
        {
            throw new ConfigurationException($"--output={folder}: a file has that name. Name another folder.");
        }

        if (!IsEmpty(Folder) && !(replace && IsExport(Folder)))
        {
            throw new ConfigurationException(IsExport(Folder)
                ? $"--output={folder}: an export is there already. Name another folder, or replace it with --force."
                : $"--output={folder}: is not empty, and no export of this program{(replace ? ", so that --force does not replace it" : string.Empty)}. Name another folder.");
        }

        if ((!IsEmpty(Partial) && !IsBegun(Partial)) || Path.Exists(Folder + ".old"))
        {
            throw new ConfigurationException($"--output={folder}: {(Path.Exists(Folder + ".old") ? Folder + ".old" : Partial)} is in the way, where the data set would be made. Move it away.");
        }
    }

    /// <summary>Where it is to be.</summary>
    public string Folder { get; }

    /// <summary>Where it is made.</summary>
    public string Partial { get; }

    /// <summary>An empty folder to write into; what a killed export left is thrown away.</summary>
    public string Begin()
    {
        Discard();
        OutputFolder.Create(Partial);
        AtomicFile.WriteAllText(Path.Combine(Partial, ExportRecord.FileName), "{}\n");
        return Partial;
    }

    /// <summary>Throws away what was made.</summary>
    public void Discard() => OutputFolder.Remove(Partial);

    /// <summary>Moves the whole data set to its place; one that was there is gone only when the new one is.</summary>
    public void Publish()
    {
        var old = Folder + ".old";
        if (Directory.Exists(Folder) && IsEmpty(Folder))
        {
            Directory.Delete(Folder);
        }
        else if (Directory.Exists(Folder))
        {
            Directory.Move(Folder, old);
        }

        Directory.Move(Partial, Folder);
        OutputFolder.Remove(old);
    }

    private static bool IsEmpty(string folder) => !Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any();

    private static bool IsBegun(string folder) => File.Exists(Path.Combine(folder, ExportRecord.FileName));

    private static bool IsExport(string folder) => ExportRecord.IsIn(folder);
}
