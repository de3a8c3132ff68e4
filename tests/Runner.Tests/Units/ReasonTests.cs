using System.Text.Json.Nodes;
using Osteon.Runner;

namespace Osteon.Runner.Tests.Units;

public sealed class ReasonTests
{
    private static JsonNode Facts(string json) => JsonNode.Parse(json)!;

    [Fact]
    public void Names_the_setting_that_changed_with_both_values() => Assert.Equal(
        "config.train.lr 0.001 → 0.0003",
        Reason.Of(Facts("""{"config":{"train":{"lr":0.001,"epochs":3}}}"""), Facts("""{"config":{"train":{"lr":0.0003,"epochs":3}}}""")));

    [Fact]
    public void Says_none_for_what_came_or_went() => Assert.Equal(
        "plugins.a x → (none); plugins.b (none) → y",
        Reason.Of(Facts("""{"plugins":{"a":"x"}}"""), Facts("""{"plugins":{"b":"y"}}""")));

    [Fact]
    public void Shortens_hashes()
    {
        var (a, b) = (new string('a', 64), new string('b', 64));
        Assert.Equal("inputs.Convert aaaaaaaa → bbbbbbbb", Reason.Of(Facts($$$"""{"inputs":{"Convert":"{{{a}}}"}}"""), Facts($$$"""{"inputs":{"Convert":"{{{b}}}"}}""")));
    }

    [Fact]
    public void Is_empty_for_equal_facts() => Assert.Empty(Reason.Of(Facts("""{"a":[1,2]}"""), Facts("""{"a":[1,2]}""")));
}
