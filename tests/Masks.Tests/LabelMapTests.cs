using FsCheck;
using FsCheck.Fluent;

namespace Osteon.Masks.Tests;

public sealed class LabelMapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(16)]
    [InlineData(29)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(64)]
    public void Overlapping_classes_come_back_as_they_went_in(int classes) =>
        Prop.ForAll(MaskGenerator.Several(classes), masks =>
        {
            var map = LabelMap.FromMasks(masks);
            return map.ToMasks().SequenceEqual(masks) && Enumerable.Range(0, classes).All(k => map.ToMask(k).Equals(masks[k]));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Adding_to_a_class_keeps_what_was_set()
    {
        var map = new LabelMap(new Frame(1, 10), 3);
        map.Add(new Mask(map.Frame, [new Run(0, 4)]), 2);
        map.Add(new Mask(map.Frame, [new Run(2, 5)]), 2);
        Assert.Equal([new Run(0, 7)], map.ToMask(2).Runs.ToArray());
    }

    [Fact]
    public void A_class_beyond_the_count_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LabelMap(new Frame(2, 2), 3).ToMask(3));
}
