using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Testing;

namespace Osteon.PostProcessing.Tests;

/// <summary>docs/post-processing.md names every step with every option of its own and the option's default.</summary>
public sealed class PageTests
{
    private static readonly string[] s_lines = File.ReadAllLines(Path.Combine(SharedData.RepositoryRoot, "docs", "post-processing.md"));

    public static TheoryData<string> Names() => [.. EveryPostProcessorTests.All.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_tells_every_option(string name)
    {
        var row = Assert.Single(s_lines, line => line.StartsWith($"| `{name}`", StringComparison.Ordinal));
        var type = EveryPostProcessorTests.All[name].GetConstructors()[0].GetParameters()[0].ParameterType;
        var standard = Activator.CreateInstance(type);
        var expected = OptionSamples.Properties(type).Where(p => p.DeclaringType != typeof(PostProcessorOptions)).Select(p => $"{OptionRules.NameOf(p)}: {Text(p.GetValue(standard))}");
        Assert.Equal(expected.Order(StringComparer.Ordinal), row.Split('|')[2].Split('`').Where((_, i) => i % 2 == 1).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_step_of_one_s_own_is_one() => Assert.Equal(
        new Mask(new Frame(4, 3), [new Run(0, 6)]), Assert.Single(new UpperHalf(new UpperHalfOptions()).Process([Mask.Full(new Frame(4, 3))])));

    private static string Text(object? value) => value switch
    {
        null => "null",
        bool or Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()!),
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };
}

/// <summary>The page's example.</summary>
[PostProcessor("UpperHalf")]
public sealed class UpperHalf(UpperHalfOptions options) : ClassPostProcessor(options.Checked())
{
    protected override Mask Process(Mask mask) => mask.Intersect(new Mask(mask.Frame, [new Run(0, mask.Frame.Height / 2 * mask.Frame.Width)]));
}

public sealed record UpperHalfOptions : PostProcessorOptions;

public sealed class UpperHalfTests : PostProcessorContract<UpperHalf>;
