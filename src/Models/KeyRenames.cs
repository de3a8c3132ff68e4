using System.Globalization;
using System.Text.RegularExpressions;

namespace Osteon.Models;

/// <summary>Names that references gave their weights in other versions, or give them elsewhere.</summary>
internal static partial class KeyRenames
{
    private const int Deepest = 3;                                  // encoder.stages.0 → encoder.model.stages.0 → encoder.model.stages_0

    private static readonly (string From, string To)[] s_starts =
    [
        ("", "model."),                                             // timm's file for a tu- encoder
        ("encoder.", "encoder.model."),                             // SMP's encoders that are timm's since 0.5
        ("decoder.0.", "decoder.aspp."),                            // SMP's DeepLabV3 up to 0.4
        ("decoder.1.", "decoder.conv."),
        ("decoder.2.", "decoder.bn."),
    ];

    // timm's features_only flattens one level.
    private static readonly string[] s_flattened = ["stages.", "stem.", "layers.", "features.", "blocks.", "levels.", "body.", "dense_stages.", "head."];

    /// <summary>The same values, each under the name that the network knows it by; what fits no name keeps its own.</summary>
    /// <param name="file">By the file's names.</param>
    /// <param name="names">The network's.</param>
    public static Dictionary<string, T> Fit<T>(IReadOnlyDictionary<string, T> file, IReadOnlySet<string> names)
    {
        var fitted = new Dictionary<string, T>();
        var late = file.Keys.Any(key => FirstMerging().IsMatch(key)) && !names.Any(name => FirstMerging().IsMatch(name));
        foreach (var (written, value) in file)
        {
            var key = late ? Merging().Replace(written, layer => $"{layer.Groups[1]}{int.Parse(layer.Groups[2].ValueSpan, CultureInfo.InvariantCulture) + 1}{layer.Groups[3]}") : written;
            var name = names.Contains(key) ? key : Renamed(key, names).FirstOrDefault(name => !file.ContainsKey(name)) ?? key;
            fitted[fitted.ContainsKey(name) ? key : name] = value;
        }

        return fitted;
    }

    private static IEnumerable<string> Renamed(string key, IReadOnlySet<string> names)
    {
        IEnumerable<string> reached = [key];
        for (var step = 0; step < Deepest; step++)
        {
            string[] next = [.. reached.SelectMany(Once)];
            foreach (var name in next.Where(names.Contains))
            {
                yield return name;
            }

            reached = next;
        }
    }

    private static IEnumerable<string> Once(string key)
    {
        foreach (var (from, to) in s_starts.Where(start => key.StartsWith(start.From, StringComparison.Ordinal)))
        {
            yield return to + key[from.Length..];
        }

        foreach (var level in s_flattened)
        {
            var at = key.IndexOf(level, StringComparison.Ordinal);
            if (at == 0 || (at > 0 && key[at - 1] == '.'))
            {
                yield return $"{key[..(at + level.Length - 1)]}_{key[(at + level.Length)..]}";
            }
        }

        if (DenseLayer().IsMatch(key))
        {
            yield return DenseLayer().Replace(key, "$1$2");
        }
    }

    /// <summary>timm's Swin merged patches at the end of a stage before it did so at the beginning of the next; the published files are of then.</summary>
    [GeneratedRegex(@"^((?:.*\.)?layers\.)(\d{1,3})(\.downsample\.)")]
    private static partial Regex Merging();

    [GeneratedRegex(@"^(.*\.)?layers[._]0\.downsample\.")]
    private static partial Regex FirstMerging();

    /// <summary>torchvision's first DenseNet files say norm.1 where its networks say norm1.</summary>
    [GeneratedRegex(@"(denselayer\d+\.(?:norm|relu|conv))\.([12]\.)")]
    private static partial Regex DenseLayer();
}
