using Osteon.Masks;

namespace Osteon.Masks.Tests;

public sealed class LongAxisTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(45)]
    [InlineData(80)]
    [InlineData(90)]
    public void A_bar_is_as_far_from_the_vertical_as_it_is_drawn(double degrees)
    {
        var (frame, dense) = (new Frame(301, 301), new byte[301 * 301]);
        var (sin, cos) = Math.SinCos(double.DegreesToRadians(degrees));
        // Half sizes of half pixels: no pixel lies on an edge, where rounding would decide.
        for (var i = 0; i < dense.Length; i++)
        {
            var (x, y) = ((i % 301) - 150, (i / 301) - 150);
            dense[i] = (byte)(Math.Abs((x * sin) + (y * cos)) < 120.5 && Math.Abs((x * cos) - (y * sin)) < 20.5 ? 1 : 0);
        }

        // Split by rows between two masks: the axis is of all of them together.
        var (upper, lower) = ((byte[])dense.Clone(), (byte[])dense.Clone());
        upper.AsSpan(150 * 301).Clear();
        lower.AsSpan(0, 150 * 301).Clear();
        Assert.Equal(degrees, LongAxis.Tilt([Mask.FromDense(upper, frame), Mask.FromDense(lower, frame)]), 0.2);
    }

    [Fact]
    public void Nothing_has_no_axis() => Assert.True(double.IsNaN(LongAxis.Tilt([Mask.Empty(new Frame(4, 4))])));
}
