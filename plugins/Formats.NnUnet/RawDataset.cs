using System.Text.RegularExpressions;
using Osteon.Abstractions;

namespace Osteon.Plugins.NnUnet;

/// <summary>A case's files, relative to the root.</summary>
/// <param name="Name">nnU-Net's case identifier.</param>
/// <param name="Subset">By the folder or list it stands in.</param>
/// <param name="Image">The file that holds the channel which is read.</param>
/// <param name="Label">Null where there is none.</param>
/// <param name="HoldsAll">True when one volume has to hold several channels, along its fourth axis.</param>
internal sealed record RawCase(string Name, Subset Subset, string Image, string? Label, bool HoldsAll);

/// <summary>One data set's folder: dataset.json, and imagesTr, labelsTr, imagesTs or what the file lists instead.</summary>
/// <param name="Root">Where everything lies.</param>
/// <param name="Prefix">The data set's folder below the root, with '/' behind; empty when it is the root.</param>
/// <param name="Json">What its dataset.json says.</param>
internal sealed partial record RawDataset(string Root, string Prefix, DatasetJson Json)
{
    private const string TrainImages = "imagesTr", TrainLabels = "labelsTr", TestImages = "imagesTs";
    private const int MaxTold = 8;

    /// <summary>Lists the cases; what is wrong with the files becomes findings.</summary>
    /// <param name="channel">Of the image that is read.</param>
    /// <param name="testLabels">Folder of the test cases' labels.</param>
    /// <param name="findings">Told of files that do not fit.</param>
    public List<RawCase> List(int channel, string testLabels, List<Finding> findings)
    {
        var train = Json.Train is { } listed ? Listed(listed, Subset.Train, channel, findings) : Folder(TrainImages, TrainLabels, Subset.Train, channel, findings);
        if (Json.Training is { } count && count != train.Count)
        {
            findings.Add(new Finding(Severity.Red, "case-count", Prefix + DatasetJson.FileName, $"numTraining is {count}, and {train.Count} training cases are there; nnU-Net refuses such a data set. Files are missing, or too many: mend one of the two."));
        }

        // The lists of version 1 name tests, those of version 2 do not.
        var test = Json.Test is { Count: > 0 } tests ? Listed(tests, Subset.Test, channel, findings) : Directory.Exists(Path.Combine(Root, Prefix + TestImages)) ? Folder(TestImages, testLabels, Subset.Test, channel, findings) : [];
        return [.. train, .. test];
    }

    private List<RawCase> Folder(string imageFolder, string labelFolder, Subset subset, int channel, List<Finding> findings)
    {
        var images = new Dictionary<string, SortedDictionary<int, string>>(StringComparer.Ordinal);
        foreach (var name in Files(imageFolder, subset == Subset.Train, findings))
        {
            var stem = Stem(name);
            if (stem is null)
            {
                if (!name.EndsWith(".json", StringComparison.Ordinal))         // the spacing of a TIFF
                {
                    findings.Add(new Finding(Severity.Amber, "stray-file", $"{Prefix}{imageFolder}/{name}", $"file_ending is {Json.FileEnding}; this file is left out."));
                }
            }
            else if (ChannelSuffix().Match(stem) is { Success: true } match)
            {
                var id = match.Groups[1].Value;
                var channels = images.TryGetValue(id, out var known) ? known : images[id] = [];
                channels[int.Parse(match.Groups[2].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)] = $"{Prefix}{imageFolder}/{name}";
            }
            else
            {
                findings.Add(new Finding(Severity.Red, "channel-suffix", $"{Prefix}{imageFolder}/{name}", $"An image is called CASE_0000{Json.FileEnding}, with four digits for its channel; this file is left out. Rename it."));
            }
        }

        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in labelFolder.Length > 0 ? Files(labelFolder, subset == Subset.Train, findings) : [])
        {
            if (Stem(name) is { } stem)
            {
                labels[stem] = $"{Prefix}{labelFolder}/{name}";
            }
        }

        var cases = new List<RawCase>(images.Count);
        foreach (var (id, channels) in images.OrderBy(i => i.Key, NaturalOrder.Instance))
        {
            if (!labels.Remove(id, out var label) && subset == Subset.Train)
            {
                findings.Add(new Finding(Severity.Red, "missing-label", channels.Values.First(), $"The training image has no label {Prefix}{labelFolder}/{id}{Json.FileEnding}; add it, or move the image to {TestImages}."));
            }

            if (Chosen(id, channels, channel, $"{Prefix}{imageFolder}", findings) is { } image)
            {
                cases.Add(new RawCase(id, subset, image, label, IsAlone(channels)));
            }
        }

        findings.AddRange(labels.OrderBy(l => l.Key, NaturalOrder.Instance).Select(l => new Finding(
            Severity.Amber, "missing-image", l.Value, $"The label has no image {Prefix}{imageFolder}/{l.Key}_0000{Json.FileEnding}{(ChannelSuffix().IsMatch(l.Key) ? " (labels carry no channel suffix)" : string.Empty)}; it is left out.")));
        return cases;
    }

    // Every channel must be there, although one is read: a data set that lost files is no longer what its author checked.
    private string? Chosen(string id, SortedDictionary<int, string> channels, int channel, string folder, List<Finding> findings)
    {
        var first = channels.Values.First();
        if (IsAlone(channels) || (Json.IsPicture && Json.Channels.Count is 3 or 4 && channels.Count == 1 && channels.ContainsKey(0)))
        {
            return first;                                           // colours in one file, or a volume whose shape will tell whether it holds all channels
        }

        var missing = Enumerable.Range(0, Json.Channels.Count).Where(c => !channels.ContainsKey(c)).ToArray();
        if (missing.Length > 0)
        {
            findings.Add(new Finding(Severity.Red, "missing-channel", first, $"Case {id} has no {string.Join(", ", missing.Take(MaxTold).Select(c => $"{folder}/{id}_{c:D4}{Json.FileEnding} ({Json.Channels[c]})"))}{(missing.Length > MaxTold ? ", …" : string.Empty)}; dataset.json names {Json.Channels.Count} channel(s)."));
        }

        var more = channels.Keys.Where(c => c >= Json.Channels.Count).ToArray();
        if (more.Length > 0)
        {
            findings.Add(new Finding(Severity.Red, "unknown-channel", channels[more[0]], $"Case {id} has channel {string.Join(", ", more.Take(MaxTold))}; dataset.json names 0 to {Json.Channels.Count - 1}. Name it there, or remove the file."));
        }

        return channels.GetValueOrDefault(channel);
    }

    private bool IsAlone(SortedDictionary<int, string> channels) => !Json.IsPicture && Json.Channels.Count > 1 && channels.Count == 1 && channels.ContainsKey(0);

    private List<RawCase> Listed(IReadOnlyList<ListedCase> listed, Subset subset, int channel, List<Finding> findings)
    {
        var cases = new List<RawCase>(listed.Count);
        foreach (var entry in listed)
        {
            var images = entry.Images.Select(i => Below(i, findings)).ToArray();
            if (images.Contains(null))
            {
                continue;
            }

            var stem = Stem(images[0]![(images[0]!.LastIndexOf('/') + 1)..]);
            if (stem is null)
            {
                findings.Add(new Finding(Severity.Red, "file-ending", images[0]!, $"file_ending is {Json.FileEnding}; images and labels must end so. The case is left out."));
                continue;
            }

            var name = entry.Name.Length > 0 ? entry.Name.Replace('/', '-') : stem;
            bool holdsAll;
            var found = entry.Name.Length > 0 ? OfVersion2(name, images!, channel, findings, out holdsAll) : OfVersion1(name, images[0]!, channel, findings, out holdsAll);
            var label = entry.Label is null ? null : Below(entry.Label, findings);
            if (label is not null && !File.Exists(Path.Combine(Root, label)))
            {
                findings.Add(new Finding(Severity.Red, "missing-label", label, $"The label of {name} that dataset.json lists does not exist; add it, or take the case out of the list."));
                label = null;
            }

            if (found is not null)
            {
                cases.Add(new RawCase(name, subset, found, label, holdsAll && !Json.IsPicture));
            }
        }

        return cases;
    }

    private string? OfVersion2(string name, string[] images, int channel, List<Finding> findings, out bool holdsAll)
    {
        holdsAll = images.Length == 1 && Json.Channels.Count > 1;
        foreach (var image in images.Where(i => !File.Exists(Path.Combine(Root, i))))
        {
            findings.Add(new Finding(Severity.Red, "missing-channel", image, $"The image of {name} that dataset.json lists does not exist; add it, or take the case out of the list."));
        }

        if (holdsAll)
        {
            return File.Exists(Path.Combine(Root, images[0])) ? images[0] : null;
        }

        if (images.Length != Json.Channels.Count)
        {
            findings.Add(new Finding(Severity.Red, "missing-channel", images[0], $"Case {name} lists {images.Length} image(s); dataset.json names {Json.Channels.Count} channel(s)."));
        }

        return channel < images.Length && File.Exists(Path.Combine(Root, images[channel])) ? images[channel] : null;
    }

    // Version 1 lists CASE.nii.gz where CASE_0000.nii.gz lies on disk; the Decathlon, its forerunner, has the file as it is listed.
    private string? OfVersion1(string name, string image, int channel, List<Finding> findings, out bool holdsAll)
    {
        holdsAll = Json.Channels.Count > 1;
        if (File.Exists(Path.Combine(Root, image)))
        {
            return image;
        }

        var stem = image[..^Json.FileEnding.Length];
        var found = new SortedDictionary<int, string>();
        for (var c = 0; c < Json.Channels.Count; c++)
        {
            var path = $"{stem}_{c:D4}{Json.FileEnding}";
            if (File.Exists(Path.Combine(Root, path)))
            {
                found[c] = path;
            }
        }

        holdsAll = IsAlone(found);
        if (found.Count == 0)
        {
            findings.Add(new Finding(Severity.Red, "missing-channel", image, $"The image that dataset.json lists does not exist, nor does {stem[(stem.LastIndexOf('/') + 1)..]}_0000{Json.FileEnding}; add it, or take the case out of the list."));
            return null;
        }

        return Chosen(name, found, channel, stem.Contains('/') ? stem[..stem.LastIndexOf('/')] : string.Empty, findings);
    }

    /// <summary>A path of dataset.json relative to the root; null and a finding when it leads out.</summary>
    private string? Below(string path, List<Finding> findings)
    {
        if (path.Contains('$') || path.Contains('\0'))
        {
            findings.Add(new Finding(Severity.Red, "outside-root", Prefix + DatasetJson.FileName, $"'{path.Replace("\0", "\\0")}' names a variable of the environment, which is not looked up; write the path itself."));
            return null;
        }

        var root = Path.GetFullPath(Root);
        var full = Path.GetFullPath(path, Path.Combine(root, Prefix));
        if (ConfinedPath.IsBelow(full, root))
        {
            return Path.GetRelativePath(root, full).Replace('\\', '/');
        }

        findings.Add(new Finding(Severity.Red, "outside-root", Prefix + DatasetJson.FileName, $"'{path}' leads out of the data set's root; set data.source.root to the folder above all its files, and dataset to {(Prefix.Length > 0 ? Prefix.TrimEnd('/') : "this one's name")}."));
        return null;
    }

    private List<string> Files(string folder, bool needed, List<Finding> findings)
    {
        var full = Path.Combine(Root, Prefix + folder);
        if (!Directory.Exists(full))
        {
            return needed ? throw new ConfigurationException($"{Path.Combine(Root, Prefix)}: holds no folder '{folder}', and dataset.json lists no files instead. nnU-Net's raw data sets have imagesTr, labelsTr and dataset.json.") : [];
        }

        var names = new List<string>();
        foreach (var entry in new DirectoryInfo(full).EnumerateFileSystemInfos().Where(e => e.Name[0] != '.' && e is not DirectoryInfo).OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            if (entry.LinkTarget is null || ConfinedPath.IsBelow(entry.FullName, Root))
            {
                names.Add(entry.Name);
            }
            else
            {
                findings.Add(new Finding(Severity.Red, "outside-root", $"{Prefix}{folder}/{entry.Name}", "The link leads out of the data set's root (or nowhere) and is not followed; put the file itself here."));
            }
        }

        return names;
    }

    private string? Stem(string name) => name.EndsWith(Json.FileEnding, StringComparison.Ordinal) && name.Length > Json.FileEnding.Length ? name[..^Json.FileEnding.Length] : null;

    [GeneratedRegex(@"^(.+)_(\d{4})\z", RegexOptions.Singleline)]
    private static partial Regex ChannelSuffix();
}
