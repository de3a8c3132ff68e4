using System.Globalization;
using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.NnUnet;

/// <summary>A case that dataset.json names itself; paths as they are written.</summary>
internal sealed record ListedCase(string Name, IReadOnlyList<string> Images, string? Label);

/// <summary>
/// What dataset.json says. Version 2 has channel_names and labels by name; version 1, the Medical Segmentation Decathlon's, has modality, labels by number and
/// lists of files.
/// </summary>
/// <param name="Labels">Names and the values they cover, in the file's order; background among them.</param>
/// <param name="Channels">Names in channel order.</param>
/// <param name="FileEnding">Of images and labels, e.g. .nii.gz.</param>
/// <param name="Training">How many training cases there are said to be, or null.</param>
/// <param name="Train">Training cases, where the file lists them; null where the folders do.</param>
/// <param name="Test">Test cases, where the file lists them.</param>
/// <param name="IsFirst">True for version 1.</param>
internal sealed record DatasetJson(
    IReadOnlyList<(string Name, int[] Values)> Labels, IReadOnlyList<string> Channels, string FileEnding, int? Training, IReadOnlyList<ListedCase>? Train, IReadOnlyList<ListedCase>? Test, bool IsFirst)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "dataset.json";

    /// <summary>What can be read, by nnU-Net's names for it.</summary>
    public static readonly string[] Endings = [".nii.gz", ".nii", ".png", ".tif", ".tiff", ".bmp"];

    // A list of every file of a large data set has about 20 MB.
    private const long MaxBytes = 128 << 20;
    private const int MaxFaultsTold = 20, MaxValue = ushort.MaxValue, MaxChannels = 256;

    /// <summary>True for formats that hold pictures and no volumes, and may hold colours in one file.</summary>
    public bool IsPicture => !FileEnding.StartsWith(".nii", StringComparison.Ordinal);

    /// <summary>True when a label is a list of values.</summary>
    public bool HasRegions => Labels.Any(l => l.Values.Length > 1);

    /// <summary>Reads the file.</summary>
    /// <param name="file">Where it lies.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="DataException">With all faults of the file.</exception>
    public static DatasetJson Read(string file, string name)
    {
        using var document = Parse(file, name);
        var faults = new List<string>();
        try
        {
            var read = document.RootElement.ValueKind == JsonValueKind.Object ? new Reading(document.RootElement, faults).All() : throw new DataException(name, "is not a JSON object with 'channel_names' and 'labels'.");
            return faults.Count == 0 ? read : throw new DataException(name, string.Join("; ", faults.Take(MaxFaultsTold)) + (faults.Count > MaxFaultsTold ? $"; and {faults.Count - MaxFaultsTold} more" : string.Empty));
        }
        catch (InvalidOperationException e)                         // half a surrogate pair, or bytes that are no UTF-8, inside a text
        {
            throw new DataException(name, $"holds text that is not Unicode: {e.Message}", e);
        }
    }

    internal static JsonDocument Parse(string file, string name)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return stream.Length <= MaxBytes
                ? JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 32 })
                : throw new DataException(name, $"has {stream.Length:N0} bytes; at most {MaxBytes:N0} are read.");
        }
        catch (JsonException e)
        {
            throw new DataException(name, $"is not JSON: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(name, e is FileNotFoundException or DirectoryNotFoundException ? "the file does not exist." : $"cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads one file and gathers what is wrong with it.</summary>
    private sealed class Reading(JsonElement root, List<string> faults)
    {
        public DatasetJson All()
        {
            var first = !root.TryGetProperty("channel_names", out var channels) && root.TryGetProperty("modality", out channels);
            var names = Channels(channels, first);
            var labels = Labels();
            var ending = root.TryGetProperty("file_ending", out var given) ? Text(given) : first ? ".nii.gz" : null;
            if (ending is null || !Endings.Contains(ending))
            {
                faults.Add($"'file_ending' is {(ending is null ? "missing" : $"'{Cut(ending)}'")}; {string.Join(" ", Endings)} are read");
            }

            int? training = root.TryGetProperty("numTraining", out var count) && Whole(count) is { } cases ? cases : null;
            return new DatasetJson(labels, names, ending ?? Endings[0], training, Dataset() ?? List("training"), List("test"), first);
        }

        private List<string> Channels(JsonElement channels, bool first)
        {
            var key = first ? "modality" : "channel_names";
            var names = new SortedDictionary<int, string>();
            if (channels.ValueKind != JsonValueKind.Object || !channels.EnumerateObject().Any())
            {
                faults.Add($"'{key}' is no object that names each channel, as in {{\"0\": \"radiograph\"}}");
                return [];
            }

            foreach (var channel in channels.EnumerateObject())
            {
                if (int.TryParse(channel.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < MaxChannels && Text(channel.Value) is { } name)
                {
                    names[number] = name;
                }
                else
                {
                    faults.Add($"'{key}' has '{Cut(channel.Name)}': {Cut(channel.Value.GetRawText())}; numbers from 0 and names were expected");
                }
            }

            if (names.Count > 0 && names.Keys.Last() != names.Count - 1)
            {
                faults.Add($"'{key}' numbers its channels {string.Join(", ", names.Keys)}; they count from 0 without a gap");
            }

            return [.. names.Values];
        }

        private List<(string Name, int[] Values)> Labels()
        {
            var labels = new List<(string Name, int[] Values)>();
            if (!root.TryGetProperty("labels", out var table) || table.ValueKind != JsonValueKind.Object)
            {
                faults.Add("'labels' is no object, as in {\"background\": 0, \"femur\": 1}");
                return labels;
            }

            foreach (var label in table.EnumerateObject())
            {
                // Version 1 writes "1": "femur", version 2 "femur": 1.
                var (name, values) = Text(label.Value) is { Length: > 0 } text && Number(label.Name) is { } number ? (text, [number]) : (label.Name, Values(label.Value));
                if (values is null || name.Length == 0)
                {
                    faults.Add($"label '{Cut(label.Name)}' is {Cut(label.Value.GetRawText())}; a whole number from 0 to {MaxValue} was expected, or for a region a list of them");
                }
                else
                {
                    labels.Add((name, values));
                }
            }

            Judge(labels);
            return labels;
        }

        private void Judge(List<(string Name, int[] Values)> labels)
        {
            faults.AddRange(labels.GroupBy(l => l.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => $"the label '{Cut(g.Key)}' stands there twice"));
            var classes = labels.Where(l => l.Values is not [0]).ToArray();
            if (!labels.Any(l => l.Values is [0]) && labels.Count > 0)
            {
                faults.Add("no label is 0: 'background' must be");
            }

            if (classes.Length is 0 or > LabelMap.MaxClasses)
            {
                faults.Add($"{classes.Length} labels beside the background; 1 to {LabelMap.MaxClasses} are read");
            }

            if (classes.All(c => c.Values.Length == 1))
            {
                faults.AddRange(labels.GroupBy(c => c.Values[0]).Where(g => g.Count() > 1).Select(g => $"the value {g.Key} is {string.Join(" and ", g.Select(l => $"'{Cut(l.Name)}'"))}"));
            }

            var ignore = classes.FirstOrDefault(c => c.Name == LabelTable.Ignore);
            if (ignore.Values is { } ignored && (ignored.Length != 1 || classes.Where(c => c.Name != LabelTable.Ignore).SelectMany(c => c.Values).Any(v => v >= ignored[0])))
            {
                faults.Add($"'{LabelTable.Ignore}' is {string.Join(", ", ignored)}; it must be one number, the highest of all");
            }
        }

        private static int[]? Values(JsonElement value)
        {
            if (value.ValueKind != JsonValueKind.Array)
            {
                return Whole(value) is { } one ? [one] : null;
            }

            var values = value.GetArrayLength() is > 0 and <= MaxValue ? value.EnumerateArray().Select(Whole).ToArray() : [null];
            return values.All(v => v is not null) ? [.. values.Select(v => v!.Value).Distinct().Order()] : null;
        }

        private List<ListedCase>? Dataset()
        {
            if (!root.TryGetProperty("dataset", out var dataset))
            {
                return null;
            }

            var cases = new List<ListedCase>();
            if (dataset.ValueKind != JsonValueKind.Object)
            {
                faults.Add("'dataset' is no object of cases");
                return cases;
            }

            foreach (var entry in dataset.EnumerateObject())
            {
                var images = entry.Value.ValueKind == JsonValueKind.Object && entry.Value.TryGetProperty("images", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(Text).ToArray() : [null];
                var label = entry.Value.ValueKind == JsonValueKind.Object && entry.Value.TryGetProperty("label", out var path) ? Text(path) : null;
                if (images.Length == 0 || images.Contains(null) || label is null || entry.Name.Length == 0)
                {
                    faults.Add($"dataset '{Cut(entry.Name)}' is {Cut(entry.Value.GetRawText())}; {{\"images\": [\"…\"], \"label\": \"…\"}} was expected");
                }
                else
                {
                    cases.Add(new ListedCase(entry.Name, images!, label));
                }
            }

            return cases;
        }

        private List<ListedCase>? List(string key)
        {
            if (!root.TryGetProperty(key, out var list) || list.ValueKind != JsonValueKind.Array)
            {
                return null;
            }

            var cases = new List<ListedCase>();
            foreach (var entry in list.EnumerateArray())
            {
                var image = Text(entry) ?? (entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("image", out var path) ? Text(path) : null);
                var label = entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("label", out var other) ? Text(other) : null;
                if (image is null)
                {
                    faults.Add($"'{key}' holds {Cut(entry.GetRawText())}; {{\"image\": \"…\", \"label\": \"…\"}} was expected");
                }
                else
                {
                    cases.Add(new ListedCase(string.Empty, [image], label));
                }
            }

            return cases;
        }

        private static int? Whole(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetInt32(out var number) && number is >= 0 and <= MaxValue ? number : null,
            JsonValueKind.String => Number(value.GetString()!),
            _ => null,
        };

        private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MaxValue ? number : null;

        private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        private static string Cut(string text) => text.Length > 60 ? text[..60] + "…" : text;
    }
}
