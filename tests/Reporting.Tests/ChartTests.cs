namespace Osteon.Reporting.Tests;

public sealed class ChartTests
{
    // The drawing area is 54…466 by 222…34, see LineChart.
    private static LineChart Chart(params (int, double)[] points) => new("t", "Loss", 4, [new Series("a", "s1", points)]);

    [Fact]
    public void Points_lie_where_arithmetic_puts_them()
    {
        var series = new Series("a", "s1", [(0, 0), (1, 5), (4, 10)]);
        var chart = new LineChart("t", "Loss", 4, [series]);

        // x = 54 + epoch/4·412; y = 222 − value/10·188
        Assert.Equal("M54 222L157 128L466 34", chart.Path(series));
    }

    [Fact]
    public void Epochs_without_a_value_are_passed_over()
    {
        var series = new Series("a", "s1", [(0, 0), (1, double.NaN), (2, 10), (4, 10)]);

        Assert.Equal("M54 222L260 34L466 34", new LineChart("t", "Loss", 4, [series]).Path(series));
    }

    [Theory]
    [InlineData(0, 10, new[] { 0.0, 2, 4, 6, 8, 10 })]
    [InlineData(0.83, 0.957, new[] { 0.8, 0.85, 0.9, 0.95, 1.0 })]
    [InlineData(-3, 12, new[] { -5.0, 0, 5, 10, 15 })]
    public void Marks_are_round_and_hold_all_values(double low, double high, double[] marks) =>
        Assert.Equal(marks, Axis.Around([low, high], 5, 0, 100).Marks().Select(m => Math.Round(m, 9)));

    [Fact]
    public void Equal_values_still_have_an_axis()
    {
        var axis = Axis.Around([0.25, 0.25], 5, 0, 100);

        Assert.True(axis.Low < 0.25 && axis.High > 0.25);
    }

    [Fact]
    public void No_values_still_have_an_axis() => Assert.Equal(0.5, Axis.Around([double.NaN], 5, 0, 1).Map(0.5));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(7, 7)]
    [InlineData(100, 100)]
    public void Epochs_are_marked_at_whole_numbers(int last, double high)
    {
        var axis = Axis.OfEpochs(last, 8, 0, 100);

        Assert.Equal(high, axis.High);
        Assert.All(axis.Marks(), m => Assert.Equal(Math.Round(m), m));
    }

    [Fact]
    public void Labels_have_as_many_decimals_as_the_step()
    {
        var axis = Axis.Around([-0.1, 0.1], 4, 0, 1);

        Assert.Equal(["−0.10", "−0.05", "0.00", "0.05", "0.10"], axis.Marks().Select(axis.Label));
    }

    [Fact]
    public void Every_point_tells_its_numbers_on_hover() =>
        Assert.Contains("<title>epoch 3, a 0.2500</title>", Chart((3, 0.25)).Write().ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData(0.9, 0)]
    [InlineData(0.5, 1)]
    [InlineData(0.6, 0.75)]
    [InlineData(double.NaN, 0)]
    public void A_cell_is_tinted_by_its_distance_from_the_best(double value, double shortfall) =>
        Assert.Equal(shortfall, HeatCell.Over([0.5, double.NaN, 0.9]).Shortfall(value), 12);

    [Fact]
    public void Equal_cells_are_not_tinted() => Assert.Equal(0, HeatCell.Over([0.9, 0.9]).Shortfall(0.9));
}
