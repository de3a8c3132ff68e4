using FsCheck;
using FsCheck.Fluent;

namespace Osteon.Masks.Tests;

/// <summary>Cutting runs is cutting pixels, and putting them back is its inverse.</summary>
public sealed class BoxTests
{
    [Fact]
    public void Cuts_and_places_as_pixels_are() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        var frame = new Frame(1 + random.Next(20), 1 + random.Next(20));
        var (top, left) = (random.Next(frame.Height), random.Next(frame.Width));
        var box = new Box(top, left, new Frame(1 + random.Next(frame.Height - top), random.Next(4) == 0 && left == 0 ? frame.Width : 1 + random.Next(frame.Width - left)));
        byte[] pixels = [.. Enumerable.Range(0, frame.Area).Select(_ => (byte)(random.Next(3) > 0 ? 1 : 0))];
        byte[] inside = [.. from y in Enumerable.Range(top, box.Size.Height) from x in Enumerable.Range(left, box.Size.Width) select pixels[(y * frame.Width) + x]];
        var cut = box.Cut(Mask.FromDense(pixels, frame));
        byte[] blanked = [.. pixels.Select((p, i) => i / frame.Width - top is >= 0 and var y && y < box.Size.Height && (i % frame.Width) - left is >= 0 and var x && x < box.Size.Width ? p : (byte)0)];
        return cut.Equals(Mask.FromDense(inside, box.Size)) && box.Place(cut, frame).Equals(Mask.FromDense(blanked, frame));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(-1, 0, 1, 1)]
    [InlineData(0, 2, 1, 2)]
    [InlineData(3, 0, 1, 1)]
    [InlineData(0, 0, 0, 1)]
    [InlineData(int.MaxValue, 0, 2, 1)]
    public void What_leaves_the_frame_is_refused(int top, int left, int height, int width)
    {
        var box = new Box(top, left, new Frame(height, width));
        Assert.False(box.IsWithin(new Frame(3, 3)));
        Assert.Throws<ArgumentException>(() => box.Cut(Mask.Full(new Frame(3, 3))));
    }
}
