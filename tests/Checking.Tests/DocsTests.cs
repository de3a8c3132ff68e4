using System.Globalization;
using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Testing;

namespace Osteon.Checking.Tests;

/// <summary>docs/check.md tells every rule and every threshold.</summary>
public sealed class DocsTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "check.md"));

    [Fact]
    public void Every_rule_is_told()
    {
        var rows = RuleCatalogue.All.Select(r => $"| {r.Name} | {r.Severity.ToString().ToLowerInvariant()} | {r.What} | {r.Why} | {string.Join(", ", r.Thresholds)} |").ToArray();
        Assert.True(rows.All(row => Page.Contains(row + "\n", StringComparison.Ordinal)), "docs/check.md must have these rows:\n" + string.Join('\n', rows));
        Assert.Equal(rows.Length, Page.Split('\n').Count(line => Enum.GetNames<Severity>().Any(severity => line.Contains($"| {severity.ToLowerInvariant()} | ", StringComparison.Ordinal))));
    }

    [Fact]
    public void Every_threshold_is_told_with_its_default()
    {
        var rows = typeof(CheckThresholds).GetProperties().Where(p => p.CanWrite)
            .Select(p => $"| {JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name)} | {Convert.ToString(p.GetValue(new CheckThresholds()), CultureInfo.InvariantCulture)} |").ToArray();
        Assert.True(rows.All(row => Page.Contains(row, StringComparison.Ordinal)), "docs/check.md must have rows that begin so:\n" + string.Join('\n', rows));
    }

    [Fact]
    public void Rules_name_thresholds_that_there_are()
    {
        var keys = typeof(CheckThresholds).GetProperties().Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name)).ToArray();
        Assert.Empty(RuleCatalogue.All.SelectMany(r => r.Thresholds).Except(keys));
        Assert.Equal(RuleCatalogue.All.Count, RuleCatalogue.All.Select(r => r.Name).Distinct().Count());
    }
}
