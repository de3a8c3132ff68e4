using Osteon.Abstractions;
using Osteon.Training;

namespace Osteon.Training.Tests;

public sealed class SchedulesTests
{
    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(50, 0.5)]
    [InlineData(100, 0.0)]
    public void Cosine_falls_by_half_a_cosine(long step, double factor) =>
        Assert.Equal(factor, Schedules.Factor(new CosineOptions { Floor = 0 }, step, 100), 1e-12);

    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(75, 0.287174588749259)]                             // 0.25^0.9
    public void Poly_falls_by_its_power(long step, double factor) =>
        Assert.Equal(factor, Schedules.Factor(new PolyOptions(), step, 100), 1e-12);

    [Fact]
    public void Warms_up_before_anything_else()
    {
        var options = new ScheduleOptions { Warmup = 0.1 };
        Assert.Equal([1 / 11.0, 2 / 11.0, 1, 1], new[] { 0L, 1, 10, 99 }.Select(s => Schedules.Factor(options, s, 100)));
    }

    [Fact]
    public void Refuses_a_warm_up_that_never_ends() =>
        Assert.Throws<ConfigurationException>(() => Schedules.Checked(new ScheduleOptions { Warmup = 1 }));
}
