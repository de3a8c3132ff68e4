using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Checking.Tests;

/// <summary>Each rule finds its seeded fault, and clean data is silent.</summary>
public sealed class RuleTests(CleanHands hands) : IClassFixture<CleanHands>
{
    // Formats raise these while they list a folder; their own tests seed them there.
    private static readonly string[] ByFormat = [.. ReportedByFormat.All.Select(r => r.Name)];

    public static TheoryData<string> Rules => [.. Faults.Of.Keys];

    [Fact]
    public void Clean_hands_are_silent() => Assert.Empty(CleanHands.Check(new SeededSet(hands.Cases)).Select(Told));

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_seeded_fault_is_found(string name)
    {
        var set = new SeededSet(hands.Cases);
        Faults.Of[name](set);

        var findings = CleanHands.Check(set);

        var found = findings.Where(f => f.Check == name).ToArray();
        Assert.True(found.Length > 0, $"{name} is silent; found instead: {string.Join("; ", findings.Select(Told))}");
        Assert.All(found, f => Assert.Equal(RuleCatalogue.Find(name)!.Severity, f.Severity));
        Assert.All(found, f => Assert.EndsWith(".", f.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Where_images_are_classified_masks_may_be_missing_empty_or_wrong()
    {
        foreach (var fault in new[] { "no-labels", "empty-label-share", "class-never-seen", "swapped-classes", "unknown-class" })
        {
            var set = new SeededSet(hands.Cases);
            Faults.Of[fault](set);
            set.Classify(i => i % 2, "intact", "fractured");
            Assert.Empty(CleanHands.Check(set).Where(f => f.Severity == Severity.Red).Select(Told));
        }
    }

    [Theory]
    [InlineData("swapped-classes")]
    [InlineData("rotated-image")]
    [InlineData("mirrored-image")]
    [InlineData("side-mismatch")]
    [InlineData("area-outlier")]
    [InlineData("repeated-class")]
    [InlineData("class-missing")]
    [InlineData("brightness-outlier")]
    [InlineData("colour-image")]
    [InlineData("tiny-fragments")]
    [InlineData("polygon-outside-frame")]
    public void And_only_in_the_case_that_has_it(string name)
    {
        var set = new SeededSet(hands.Cases);
        Faults.Of[name](set);
        Assert.Equal([set.Victim.Source.Id], CleanHands.Check(set).Where(f => f.Check == name).Select(f => f.Case).Distinct());
    }

    // A picture on its side whose labels fit shows that the tool turned pictures before it drew; one whose labels do not fit shows the contrary.
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void A_half_turn_by_EXIF_is_no_doubt_where_others_of_the_set_prove_what_the_tool_does(bool proof, int found)
    {
        var set = new SeededSet(hands.Cases);
        Faults.Of["exif-rotated"](set);
        var (other, wide) = (set.Cases.IndexOf(set.Cases.First(c => c.Source.Id != set.Victim.Source.Id)), new Frame(200, 256));
        set.Cases[other] = set.Cases[other] with
        {
            Image = () => SeededSet.With(new Image(wide), new ImageOrigin { Orientation = proof ? 6 : 1 }),
            Annotations = [new PolygonAnnotation("finger-3", new Polygon(wide, [new(10, 10), new(40, 10), new(40, 40)]))],
        };
        Assert.Equal(found, CleanHands.Check(set).Count(f => f.Check == "exif-rotated"));
    }

    [Fact]
    public void Every_rule_has_a_seeded_fault() =>
        Assert.Equal(RuleCatalogue.All.Select(r => r.Name).Except(ByFormat).Order(StringComparer.Ordinal), Faults.Of.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void What_a_format_reports_comes_through_under_its_name()
    {
        var set = new SeededSet(hands.Cases);
        set.Findings.AddRange(ByFormat.Select(name => new Finding(Severity.Red, name, $"{name}.png", "So it is.")));
        Assert.Equal(ByFormat.Order(StringComparer.Ordinal), CleanHands.Check(set).Select(f => f.Check).Order(StringComparer.Ordinal));
    }

    private static string Told(Finding finding) => $"{finding.Check} {finding.Where}: {finding.Message}";
}
