using FsCheck;
using FsCheck.Fluent;

namespace Osteon.Masks.Tests;

/// <summary>Texts in a convention that is known, handed over as if it were not.</summary>
public sealed class RleDecisionTests
{
    private static readonly RleConvention[] Four = [.. from order in new[] { ScanOrder.Row, ScanOrder.Column } from origin in new[] { 0, 1 } select new RleConvention(order, origin, RleForm.StartLength)];

    public static TheoryData<ScanOrder, int> Conventions => new(Four.Select(c => (c.Order, c.Base)));

    [Theory]
    [MemberData(nameof(Conventions))]
    public void A_reference_tells_both(ScanOrder order, int origin)
    {
        var frame = new Frame(64, 64);
        var mask = Disc(frame, 20, 40, 12);
        var verdict = Decide([new RleSample(frame, [Text(mask, order, origin)]) { Reference = mask }]);
        Assert.Equal((order, origin), (verdict.Order, verdict.Base));
        Assert.Contains("mean IoU 1 against", verdict.OrderBy + verdict.BaseBy, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Conventions))]
    public void A_reference_that_is_only_about_right_tells_the_order_and_no_wrong_base(ScanOrder order, int origin)
    {
        // Somebody else drew them, and a hand errs by a pixel up or down, to the left or to the right.
        var frame = new Frame(128, 128);
        var samples = Enumerable.Range(0, 8).Select(i => (Mask: Disc(frame, 30 + (5 * i), 90 - (6 * i), 18 + i), About: Disc(frame, 30 + (5 * i) + (i % 2), 90 - (6 * i) + ((i / 2) % 2) - ((i / 4) % 2), 18 + i)))
            .Select(s => new RleSample(frame, [Text(s.Mask, order, origin)]) { Reference = s.About }).ToArray();
        var verdict = Decide(samples);
        Assert.Equal(order, verdict.Order);
        Assert.True(verdict.Base is null || verdict.Base == origin, verdict.BaseBy);
    }

    [Theory]
    [MemberData(nameof(Conventions))]
    public void Oblong_images_tell_the_order_by_the_outlines_and_masks_at_the_border_the_base(ScanOrder order, int origin)
    {
        var frame = new Frame(48, 80);
        var masks = new[] { Disc(frame, 10, 0, 8), Disc(frame, 30, 79, 9), Disc(frame, 0, 30, 7), Disc(frame, 47, 50, 7) };
        var verdict = Decide([.. masks.Select(m => new RleSample(frame, [Text(m, order, origin)]))]);
        Assert.Equal((order, origin), (verdict.Order, verdict.Base));
        Assert.Contains("length of the outlines", verdict.OrderBy, StringComparison.Ordinal);
    }

    [Fact]
    public void Edges_of_square_images_tell_the_order()
    {
        var frame = new Frame(64, 64);
        var samples = Enumerable.Range(0, 6).Select(i =>
        {
            var mask = Disc(frame, 12 + (3 * i), 50 - (2 * i), 8);
            var steep = new byte[frame.Area];
            mask.Subtract(Disc(frame, 12 + (3 * i), 50 - (2 * i), 6)).Fill(steep, 200);
            return new RleSample(frame, [Text(mask, ScanOrder.Column, 1)]) { Steepness = steep };
        }).ToArray();
        var verdict = RleDecision.Decide(samples, origin: 1);
        Assert.Equal((ScanOrder.Column, 1), (verdict.Order, verdict.Base));
        Assert.Contains("steepness", verdict.OrderBy, StringComparison.Ordinal);
        Assert.Null(RleDecision.Decide(samples[..5], origin: 1).Order);          // too few to be sure
    }

    [Fact]
    public void Square_masks_alone_tell_nothing_and_that_is_said()
    {
        var frame = new Frame(64, 64);
        var verdict = Decide([new RleSample(frame, [Text(Disc(frame, 20, 40, 12), ScanOrder.Row, 1)])]);
        Assert.False(verdict.IsDecided);
        Assert.Contains("nothing tells rows from columns", verdict.OrderBy, StringComparison.Ordinal);
        Assert.Contains("order must be known first", verdict.BaseBy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_starts_at_0_or_ends_at_the_last_pixel_tells_the_base()
    {
        var frame = new Frame(4, 4);
        Assert.Equal(0, RleDecision.Decide([new RleSample(frame, ["0 3"])], ScanOrder.Row).Base);
        Assert.Equal(1, RleDecision.Decide([new RleSample(frame, ["14 3"])], ScanOrder.Row).Base);
        Assert.Null(RleDecision.Decide([new RleSample(frame, ["6 2"])], ScanOrder.Row).Base);
    }

    [Fact]
    public void Texts_that_fit_no_convention_are_refused() =>
        Assert.Throws<MaskFormatException>(() => Decide([new RleSample(new Frame(4, 4), ["1 300"])]));

    [Fact]
    public void No_wrong_convention_is_ever_found()
    {
        // Whatever the masks: the answer is the convention they were written in, or none.
        var samples = from height in Gen.Choose(5, 40) from width in Gen.Choose(5, 40) from seed in Gen.Choose(0, 1_000_000) from which in Gen.Choose(0, 3) select (height, width, seed, which);
        Prop.ForAll(samples.ToArbitrary(), s =>
        {
            var frame = new Frame(s.height, s.width);
            var masks = Enumerable.Range(0, 6).Select(i => Disc(frame, (s.seed >> i) % s.height, (s.seed >> (i + 3)) % s.width, 2 + ((s.seed >> i) % 6))).Where(m => !m.IsEmpty).ToArray();
            var truth = Four[s.which];
            var verdict = Decide([.. masks.Select(m => new RleSample(frame, [Text(m, truth.Order, truth.Base)]))]);
            return verdict.Order is null || (verdict.Order == truth.Order && (verdict.Base is null || verdict.Base == truth.Base));
        }).QuickCheckThrowOnFailure();
    }

    private static RleVerdict Decide(IReadOnlyList<RleSample> samples) => RleDecision.Decide(samples);

    private static string Text(Mask mask, ScanOrder order, int origin) => Rle.Encode(mask, new RleConvention(order, origin, RleForm.StartLength));

    private static Mask Disc(Frame frame, int row, int column, int radius)
    {
        var pixels = new byte[frame.Area];
        for (var y = 0; y < frame.Height; y++)
        {
            for (var x = 0; x < frame.Width; x++)
            {
                pixels[(y * frame.Width) + x] = (byte)(((y - row) * (y - row)) + ((x - column) * (x - column)) <= radius * radius ? 1 : 0);
            }
        }

        return Mask.FromDense(pixels, frame);
    }
}
