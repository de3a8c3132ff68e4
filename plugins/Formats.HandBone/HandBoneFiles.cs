using Osteon.Abstractions;

namespace Osteon.Plugins.HandBone;

/// <summary>The folders of one data set. What a link leads out of the root is never read.</summary>
internal sealed class HandBoneFiles
{
    private readonly string _root;
    private readonly string _prefix;

    /// <summary>Finds train/ and test/ at the root, or in its folder data/.</summary>
    /// <exception cref="ConfigurationException">They are in neither.</exception>
    public HandBoneFiles(string root)
    {
        _root = root;
        _prefix = new[] { string.Empty, "data/" }.FirstOrDefault(IsData)
            ?? throw new ConfigurationException($"{root}: holds no hand-bone data set; expected train/DCM/ID### or test/DCM/ID### there, or in its folder data/.");

        bool IsData(string prefix) => Directory.Exists(Path.Combine(root, prefix, "train", "DCM")) || Directory.Exists(Path.Combine(root, prefix, "test", "DCM"));
    }

    /// <summary>A file beside train/ and test/, relative to the root, when it exists.</summary>
    public string? Beside(string name) => File.Exists(Path.Combine(_root, _prefix + name)) ? _prefix + name : null;

    /// <summary>The absolute path of a relative one.</summary>
    public string Absolute(string relative) => ConfinedPath.Of(_root, relative);

    /// <summary>The files one folder a patient below <paramref name="folder"/>, by patient and stem; paths are relative to the root.</summary>
    public Dictionary<(string Patient, string Stem), string> List(string folder, string extension, List<Finding> findings)
    {
        var found = new Dictionary<(string, string), string>();
        var top = Path.Combine(_root, _prefix + folder);
        if (!Directory.Exists(top))
        {
            return found;
        }

        foreach (var patient in Entries(top, findings).OrderBy(p => p, StringComparer.Ordinal))
        {
            var relative = $"{_prefix}{folder}/{patient}";
            if (!Directory.Exists(Path.Combine(_root, relative)))
            {
                findings.Add(new Finding(Severity.Amber, "stray-file", relative, "Expected a folder a patient (ID001, ID002, …) here; the file is left out."));
                continue;
            }

            foreach (var file in Entries(Path.Combine(_root, relative), findings).OrderBy(f => f, StringComparer.Ordinal))
            {
                if (file.EndsWith(extension, StringComparison.Ordinal))
                {
                    found.Add((patient, file[..^extension.Length]), $"{relative}/{file}");
                }
                else
                {
                    findings.Add(new Finding(Severity.Amber, "stray-file", $"{relative}/{file}", $"Expected *{extension} files here; this one is left out."));
                }
            }
        }

        return found;
    }

    /// <summary>Names in a folder; hidden ones are not data, and links out of the root are told.</summary>
    private IEnumerable<string> Entries(string folder, List<Finding> findings)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(folder).Where(p => !Path.GetFileName(p).StartsWith('.')))
        {
            var relative = Path.GetRelativePath(_root, path);
            if (ConfinedPath.IsBelow(path, _root))
            {
                yield return Path.GetFileName(path);
            }
            else
            {
                findings.Add(new Finding(Severity.Red, "outside-root", relative, "The link leads out of the data set's root (or nowhere) and is not followed; put the file itself here."));
            }
        }
    }
}
