using System.Text.Json.Nodes;

namespace Osteon.Runner.Tests;

public sealed class ClassWeightingTests
{
    // 100 and 300 pixels, each of cases of 1000; the third class is nowhere.
    private static readonly ClassFrequency[] s_classes = [new(100, 1000), new(300, 1000), default];

    [Theory]
    [InlineData("\"balanced\"", 2, 2.0 / 3)]                                       // 400 / (2 · 100), 400 / (2 · 300)
    [InlineData("\"median_frequency\"", 2, 2.0 / 3)]                               // 0.2 / 0.1, 0.2 / 0.3
    [InlineData("""{"effective_number": {"beta": 0}}""", 1, 1)]
    [InlineData("""{"effective_number": {"beta": 0.99}}""", 1.2000038, 0.7999962)]  // (1 − β) / (1 − β^n), over their mean
    [InlineData("\"effective_number\"", 1.4091071, 0.5908929)]                     // β = 399 / 400
    public void Weighs_by_how_common_classes_are(string written, double first, double second)
    {
        List<string> faults = [];
        var (given, rule) = ClassWeighting.Read(JsonNode.Parse(written)!, 3, faults);
        Assert.Empty(faults);
        Assert.Null(given);
        var weights = rule!.Of(s_classes);
        Assert.Equal(first, weights[0], 1e-6);
        Assert.Equal(second, weights[1], 1e-6);
        Assert.Equal(1, weights[2]);
        Assert.Equal([1.0, 1.0], rule.Of([default, default]));
    }

    [Fact]
    public void Medians_of_cases_that_have_a_class()
    {
        // 0.1 of all of its case, and 0.01 of both: the frequencies of the paper, not shares of all pixels.
        var weights = new MedianFrequencyWeighting().Of([new(100, 1000), new(20, 2000), new(40, 2000)]);
        Assert.Equal([0.2, 2, 1], weights.Select(w => Math.Round(w, 12)));
    }

    [Theory]
    [InlineData("[1, 2]", "has 2 numbers, the experiment 3 classes; expected one for each.")]
    [InlineData("[1, -2, 1]", "is [1,-2,1]; expected numbers of at least 0, not all of them 0.")]
    [InlineData("[0, 0, 0]", "is [0,0,0]; expected numbers")]
    [InlineData("3", "is 3; expected a number for each class")]
    [InlineData("\"balance\"", "'balance' is unknown; nearest is 'balanced'. Allowed: balanced, effective_number, median_frequency.")]
    [InlineData("""{"effective_number": {"beta": 1}}""", ".effective_number.beta is 1; expected a number in [0, 1).")]
    public void Says_what_is_wrong(string written, string what)
    {
        List<string> faults = [];
        ClassWeighting.Read(JsonNode.Parse(written)!, 3, faults);
        Assert.StartsWith(what, Assert.Single(faults), StringComparison.Ordinal);
    }
}
