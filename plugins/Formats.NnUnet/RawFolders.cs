using System.Text.RegularExpressions;
using Osteon.Abstractions;

namespace Osteon.Plugins.NnUnet;

/// <summary>Finds the data set, or the several that one was written as, below a root.</summary>
internal static partial class RawFolders
{
    /// <summary>The data sets that make up one; several where classes overlap, see <see cref="GroupsFile"/>.</summary>
    /// <exception cref="ConfigurationException">There is none, or several and none was named.</exception>
    public static IReadOnlyList<RawDataset> Find(string root, string named)
    {
        if (!Directory.Exists(root))
        {
            throw new ConfigurationException($"{root}: there is no such folder.");
        }

        if (named.Length == 0 && File.Exists(Path.Combine(root, DatasetJson.FileName)))
        {
            return [Open(root, string.Empty)];
        }

        if (named.Length == 0 && File.Exists(Path.Combine(root, GroupsFile.FileName)))
        {
            return [.. GroupsFile.Folders(root).Select(f => Open(root, f + "/"))];
        }

        var folders = Directory.EnumerateDirectories(root).Select(f => Path.GetFileName(f)).Where(f => File.Exists(Path.Combine(root, f, DatasetJson.FileName))).Order(StringComparer.Ordinal).ToArray();
        string[] chosen = [.. folders.Where(f => named.Length == 0 || f == named || (FolderName().Match(f) is { Success: true } match && match.Groups[2].Value.TrimStart('0') == named.TrimStart('0')))];
        return chosen switch
        {
            [var only] => [Open(root, only + "/")],
            _ when folders.Length == 0 => throw new ConfigurationException($"{root}: holds no {DatasetJson.FileName}, and no folder DatasetNNN_Name with one; this is no raw data set of nnU-Net."),
            [] => throw new ConfigurationException($"{root}: holds no data set '{named}'; there are {string.Join(", ", folders)}."),
            _ => throw new ConfigurationException($"{root}: holds {string.Join(", ", chosen)}; name one of them by the format's option dataset, as in {{nnunet: {{dataset: {chosen[0]}}}}}."),
        };
    }

    private static RawDataset Open(string root, string prefix) => new(root, prefix, DatasetJson.Read(ConfinedPath.Of(root, prefix + DatasetJson.FileName), prefix + DatasetJson.FileName));

    // Version 1 calls them Task.
    [GeneratedRegex(@"^(Dataset|Task)(\d{1,6})_")]
    private static partial Regex FolderName();
}
