using System.Text.RegularExpressions;
using Osteon.Abstractions;
using Osteon.Runner.Plugins;
using Osteon.Testing;
using Osteon.Torch;
using static TorchSharp.torch;

namespace Osteon.Zoo.Tests;

/// <summary>
/// Every encoder of the plugins keeps the contract. What can be seen without computing is looked at for each name; from the smallest on,
/// those are computed with that have parts, by their keys but for numbers, which none before has had; beyond a class's smallest none of more
/// parameters than a small machine computes with in a moment.
/// </summary>
public sealed partial class EncoderContractTests
{
    private const int Side = 64;                                    // of images, where an encoder is made for one size
    private const int PatchedSide = 56;                             // patches of 14 fill it

    private const long MostParameters = 60_000_000;

    // Parameters that the references have and do not use.
    private static readonly (string Encoder, string Key)[] s_spared =
    [
        ("^efficientnet-b", @"^(_conv_head|_bn1)\."),
        ("^timm-(tf_)?efficientnet", @"^(conv_head|bn2)\."),
        ("^tu-(vit|deit|flexivit)", @"^model\.(norm|fc_norm|head|head_dist)\."),
    ];

    public static IEnumerable<TheoryDataRow<string>> Classes() => Zoo.Plugins.All.SelectMany(plugin => plugin.Claims)
        .Where(claim => claim.Kind == PluginKind.Of<Encoder>()).Select(claim => claim.Type).Distinct().Order(StringComparer.Ordinal)
        .Select(type => new TheoryDataRow<string>(type).WithTrait("family", type.Split('.')[^1]));

    [Theory]
    [MemberData(nameof(Classes))]
    public void Keeps_the_contract(string type)
    {
        string[] names = [.. Zoo.Plugins.All.SelectMany(plugin => plugin.Claims).Where(claim => claim.Kind == PluginKind.Of<Encoder>() && claim.Type == type).Select(claim => claim.Name)];
        var sizes = names.Select(name => (Name: name, Seen: Look(name))).OrderBy(entry => entry.Seen.Parameters).ToArray();
        var had = new HashSet<string>();
        foreach (var (name, seen) in sizes.Where(entry => had.Count == 0 || (entry.Seen.Parameters < MostParameters && !had.IsSupersetOf(entry.Seen.Parts))))
        {
            had.UnionWith(seen.Parts);
            MapsAreAsDeclared(name);
            manual_seed(1);
            using var encoder = Create(Asked(name));
            EncoderLaws.GradientReachesEveryParameter(encoder, 3, key => s_spared.Any(spared => Regex.IsMatch(name, spared.Encoder) && Regex.IsMatch(key, spared.Key)));
            EncoderLaws.EvaluationIsDeterministic(encoder, 3);
            EncoderLaws.SavedAndLoadedGivesTheSame(encoder, 3, () => Create(Asked(name)));
        }
    }

    // EncoderLaws.MapsAreAsDeclared and TakesOneThreeAndFourChannels, with channels and depths varied together: five passes instead of eight.
    private static void MapsAreAsDeclared(string name)
    {
        EncoderLaws.ForwardsAsDeclared(Create, Asked(name), refusable: false);
        EncoderLaws.ForwardsAsDeclared(Create, Asked(name) with { InChannels = 1, Depth = 4 }, refusable: false);
        EncoderLaws.ForwardsAsDeclared(Create, Asked(name) with { InChannels = 4, Depth = 3 }, refusable: false);
        EncoderLaws.ForwardsAsDeclared(Create, Asked(name) with { OutputStride = 16 }, refusable: true);
        EncoderLaws.ForwardsAsDeclared(Create, Asked(name) with { OutputStride = 8 }, refusable: true);
    }

    // Its size, and what it is built of.
    private static (long Parameters, string[] Parts) Look(string name)
    {
        using var scope = NewDisposeScope();
        using var undrawn = Undrawn.Scope();
        using var encoder = Create(Asked(name));
        EncoderLaws.DeclaresItsMaps(encoder, Asked(name));
        return (encoder.parameters().Sum(p => p.numel()), [.. encoder.state_dict().Keys.Select(key => Number().Replace(key, "#")).Distinct()]);
    }

    private static Encoder Create(EncoderOptions asked) => Zoo.Encoder(
        asked.Name, Zoo.Plugins.OptionsTypeOf<Encoder>(asked.Name)?.GetProperty("ImgSize") is null ? null : new() { ["img_size"] = SideOf(asked.Name) }, asked);

    private static int SideOf(string name) => name switch
    {
        _ when name.Contains("_patch14", StringComparison.Ordinal) => PatchedSide,
        "tu-lamhalobotnet50ts_256" or "tu-halo2botnet50ts_256" => 2 * Side,     // whole blocks of the third stage
        _ => Side,
    };

    // Nested transformers have three maps.
    private static EncoderOptions Asked(string name) => new() { Name = name, Depth = name.StartsWith("tu-nest_", StringComparison.Ordinal) ? 4 : 5 };

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
