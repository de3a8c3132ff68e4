using System.Text.RegularExpressions;
using Osteon.Abstractions;
using Osteon.Models.Tests;
using Osteon.Testing;
using Osteon.Torch;

namespace Osteon.Zoo.Tests;

/// <summary>Keys, shapes, types and their order in every encoder that the shared golden files list.</summary>
public sealed partial class EncoderKeyTests
{
    public static IEnumerable<TheoryDataRow<string>> Names() => Directory.EnumerateFiles(SharedData.Path("golden/keys"), "enc_*.txt").Order(StringComparer.Ordinal)
        .Select(file => Path.GetFileNameWithoutExtension(file)["enc_".Length..])
        .Select(name => new TheoryDataRow<string>(name).WithTrait("family", Variant().Match(name).Groups["encoder"].Value));

    [Theory]
    [MemberData(nameof(Names))]
    public void Has_the_reference_keys_in_order(string name)
    {
        var parts = Variant().Match(name);
        Zoo.SkipIfToCome(parts.Groups["encoder"].Value);
        using var undrawn = Undrawn.Scope();
        using var encoder = Zoo.Encoder(parts.Groups["encoder"].Value, null, new EncoderOptions
        {
            Depth = Number(parts, "depth") ?? 5,
            InChannels = Number(parts, "channels") ?? 3,
        });
        Assert.Equal(File.ReadLines(SharedData.Path($"golden/keys/enc_{name}.txt")), GoldenModel.Lines(encoder));
    }

    private static int? Number(Match match, string group) => match.Groups[group] is { Success: true, Value: var digits } ? int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture) : null;

    /// <summary>NAME, NAME.d4 at a depth, NAME.in2 with other image channels.</summary>
    [GeneratedRegex(@"^(?<encoder>.*?)(\.d(?<depth>\d))?(\.in(?<channels>\d+))?$")]
    private static partial Regex Variant();
}
