using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Runner.Configuration;

namespace Osteon.Runner.Tests;

public sealed class OptionsBinderTests
{
    [Fact]
    public void Binds_every_type_that_options_are_made_of()
    {
        var bound = Bind("""
            {"p": 1, "brightness_limit": [-0.2, 0.2], "sizes": [3, 5], "names": ["a"], "mode": "reflect101", "scale": null,
             "range": [0.5, 2], "pair": [1, 2], "nested": {"depth": 4}, "by_name": {"a": 1.5}, "free": {"x": [1]}, "steps": 7, "on": true}
            """);
        Assert.Equal(1.0, bound.P);
        Assert.Equal([-0.2, 0.2], bound.BrightnessLimit);
        Assert.Equal([3, 5], bound.Sizes);
        Assert.Equal(["a"], bound.Names);
        Assert.Equal(Border.Reflect101, bound.Mode);
        Assert.Null(bound.Scale);
        Assert.Equal(new Interval(0.5, 2), bound.Range);
        Assert.Equal((1, 2), bound.Pair);
        Assert.Equal(4, bound.Nested.Depth);
        Assert.Equal(1.5, bound.ByName["a"]);
        Assert.Equal("""{"x":[1]}""", bound.Free.ToJsonString());
        Assert.Equal(7L, bound.Steps);
        Assert.True(bound.On);
    }

    [Fact]
    public void Reads_one_number_as_the_limit_of_an_interval() => Assert.Equal(new Interval(-0.2, 0.2), Bind("""{"range": 0.2}""").Range);

    [Fact]
    public void Reads_one_number_as_the_end_of_an_interval_where_its_range_says_so() => Assert.Equal(new Interval(1, 6), Bind("""{"clip": 6}""").Clip);

    [Theory]
    [InlineData("""{"axes": 0.8}""", 0.8, 0.8, 0.8, 0.8)]
    [InlineData("""{"axes": [0.8, 1.5]}""", 0.8, 1.5, 0.8, 1.5)]
    [InlineData("""{"axes": {"y": [0.8, 1.5]}}""", 1, 1, 0.8, 1.5)]
    [InlineData("""{"axes": {"x": 2, "y": [0.8, 1.5]}}""", 2, 2, 0.8, 1.5)]
    public void Reads_an_interval_for_each_axis_or_for_both(string json, double x0, double x1, double y0, double y1) =>
        Assert.Equal(new PerAxis(new Interval(x0, x1), new Interval(y0, y1)), Bind(json).Axes);

    [Fact]
    public void Keeps_defaults_of_what_is_absent() => Assert.Equal(new Options().P, Bind("{}").P);

    [Theory]
    [InlineData("""{"q": 1}""", "loss Dice.q is unknown. Allowed: axes, brightness_limit,")]
    [InlineData("""{"p": "0.5"}""", "loss Dice.p is '0.5'; expected a number. Remove the quotes. The default is 0.5.")]
    [InlineData("""{"on": "yes"}""", "loss Dice.on is 'yes'; expected true or false. Only these two words are truth values here. The default is false.")]
    [InlineData("""{"on": 1}""", "loss Dice.on is 1; expected true or false. The default is false.")]
    [InlineData("""{"range": [1]}""", "loss Dice.range is a list of 1; expected a list of 2: [low, high], or one number, the limit.")]
    [InlineData("""{"range": {"low": 1}}""", "loss Dice.range is a mapping; expected a list of 2: [low, high], or one number, the limit.")]
    [InlineData("""{"range": "wide"}""", "loss Dice.range is 'wide'; expected a number.")]
    [InlineData("""{"pair": [1, 2.5]}""", "loss Dice.pair[1] is 2.5; expected a whole number")]
    [InlineData("""{"sizes": [3, null]}""", "loss Dice.sizes[1] is empty; expected a whole number")]
    [InlineData("""{"p": null}""", "loss Dice.p is empty; expected a number. Remove the key to take the default. The default is 0.5.")]
    [InlineData("""{"names": null}""", "loss Dice.names is empty; expected a list of texts")]
    [InlineData("""{"mode": "reflect"}""", "loss Dice.mode is 'reflect'; nearest is 'reflect101'. Allowed: constant, reflect101.")]
    [InlineData("""{"nested": {"dept": 1}}""", "loss Dice.nested.dept is unknown; nearest is 'depth'. Allowed: depth.")]
    [InlineData("""{"by_name": {"a": "x"}}""", "loss Dice.by_name.a is 'x'; expected a number.")]
    [InlineData("""{"clip": 11}""", "loss Dice.clip is [1, 11]; expected [low, high] with low ≤ high, both in [1, 10].")]
    [InlineData("""{"clip": [4, 2]}""", "loss Dice.clip is [4, 2]; expected [low, high] with low ≤ high, both in [1, 10].")]
    [InlineData("""{"axes": {"x": [0.1, 1]}}""", "loss Dice.axes is {x: [0.1, 1], y: [1, 1]}; expected [low, high] with low ≤ high, both in [0.5, 2].")]
    [InlineData("""{"axes": {"z": 1}}""", "loss Dice.axes.z is unknown. Allowed: x, y.")]
    [InlineData("""{"derived": 1}""", "loss Dice.derived is unknown.")]
    public void Says_what_is_wrong(string json, string what) =>
        Assert.StartsWith(what, Assert.Single(Assert.Throws<ConfigurationException>(() => Bind(json)).Faults), StringComparison.Ordinal);

    [Fact]
    public void A_bound_record_sliced_and_bound_again_is_the_same()
    {
        var once = Bind("""{"range": [0.5, 2], "axes": {"y": [0.8, 1.5]}, "sizes": [3], "mode": "constant", "by_name": {"b": 1, "a": 2}}""");
        var json = PlanSlices.Json(once);
        var twice = OptionsBinder.Bind<Options>("options", json);
        Assert.Equal(CanonicalJson.Text(json), CanonicalJson.Text(PlanSlices.Json(twice)));
    }

    private static Options Bind(string json) => OptionsBinder.Bind<Options>("loss Dice", (JsonObject)JsonNode.Parse(json)!);

    public enum Border
    {
        Constant,
        Reflect101,
    }

    public sealed record Inner
    {
        public int Depth { get; init; } = 3;
    }

    public sealed record Options
    {
        public double P { get; init; } = 0.5;

        public double[] BrightnessLimit { get; init; } = [-0.1, 0.1];

        public IReadOnlyList<int> Sizes { get; init; } = [];

        public IReadOnlyList<string> Names { get; init; } = [];

        public Border Mode { get; init; }

        public double? Scale { get; init; } = 1;

        public Interval Range { get; init; } = new(0, 1);

        [Within(1, 10, AloneFrom = 1)]
        public Interval Clip { get; init; } = new(1, 4);

        [Within(0.5, 2)]
        public PerAxis Axes { get; init; } = PerAxis.Both(1, 1);

        public (int A, int B) Pair { get; init; }

        public Inner Nested { get; init; } = new();

        public IReadOnlyDictionary<string, double> ByName { get; init; } = new Dictionary<string, double>();

        public JsonObject Free { get; init; } = [];

        public long Steps { get; init; }

        public bool On { get; init; }

        public double Derived => P * 2;
    }
}
