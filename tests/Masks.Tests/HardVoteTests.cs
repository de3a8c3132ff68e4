using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Osteon.Masks.Tests;

public sealed class HardVoteTests : IDisposable
{
    private const string Header = "image_name,class,rle\n";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(11)]
    public void Any_demand_agrees_with_counting_pixels(int members) =>
        Prop.ForAll(MaskGenerator.Several(members), masks => Enumerable.Range(1, members).All(v => HardVote.Vote(masks, v).Equals(Slow.Vote(masks, v))))
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public void An_ensemble_that_mostly_agrees_is_counted_as_exactly(int members) =>
        Prop.ForAll(MaskGenerator.Ensemble(members), masks => Enumerable.Range(1, members).All(v => HardVote.Vote(masks, v).Equals(Slow.Vote(masks, v))))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void One_vote_is_the_union_and_all_votes_the_intersection() =>
        Prop.ForAll(MaskGenerator.Several(3), m =>
            HardVote.Vote(m, 1).Equals(m[0].Union(m[1]).Union(m[2])) && HardVote.Vote(m, 3).Equals(m[0].Intersect(m[1]).Intersect(m[2])))
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, 4, 3)]
    [InlineData(0, 5, 3)]
    [InlineData(0, 1, 1)]
    [InlineData(2, 4, 2)]
    public void Zero_demands_more_than_half(int minVotes, int members, int demanded) => Assert.Equal(demanded, HardVote.Demanded(minVotes, members));

    [Theory]
    [InlineData(-1)]
    [InlineData(6)]
    public void More_votes_than_members_are_refused(int minVotes) =>
        Assert.Contains("1 to 5", Assert.Throws<ArgumentOutOfRangeException>(() => HardVote.Demanded(minVotes, 5)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_thousand_members_vote_and_more_are_refused()
    {
        var masks = Enumerable.Repeat(new Mask(new Frame(1, 9), [new Run(2, 3)]), HardVote.MaxMembers + 1).ToArray();
        Assert.Equal(masks[0], HardVote.Vote(masks.AsSpan(1), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => HardVote.Vote(masks, 0));
    }

    [Fact]
    public void The_largest_frame_keeps_its_last_pixel()
    {
        var frame = new Frame(1, int.MaxValue);
        var (a, b) = (new Mask(frame, [new Run(5, int.MaxValue - 5)]), new Mask(frame, [new Run(0, int.MaxValue)]));
        Assert.Equal([new Run(5, int.MaxValue - 5)], HardVote.Vote([a, b], 2).Runs.ToArray());
    }

    [Fact]
    public void Files_vote_as_their_masks_do() =>
        Prop.ForAll(MaskGenerator.Several(12), masks =>
        {
            // Three members of four rows each.
            var paths = Enumerable.Range(0, 3).Select(m => File($"{m}.csv", Enumerable.Range(0, 4).Select(r => ($"i{r}_R.png", masks[(m * 4) + r])))).ToArray();
            var expected = Enumerable.Range(0, 4).Select(r => ($"i{r}_R.png", HardVote.Vote([masks[r], masks[4 + r], masks[8 + r]], 2)));
            return Run(paths, new HardVoteOptions { MinVotes = 2, Threads = 2 }) == System.IO.File.ReadAllText(File("expected.csv", expected));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rows_of_any_order_quoting_or_line_end_are_joined_by_image_and_class()
    {
        string[] paths =
        [
            _folder.Write("a.csv", Header + "x_R.png,finger_1,1 3\nx_R.png,\"b, c\",5 1\nx,R.png_finger_1,\n"),
            _folder.Write("b.csv", "\uFEFF" + Header.Replace("\n", "\r\n", StringComparison.Ordinal) + "x,R.png_finger_1,NaN\r\ntest/x_R.png,\"b, c\",\"5 2\"\r\n\"x_R.png\",finger_1,2 3\r\n"),
        ];
        Assert.Equal(Header + "x_R.png,finger_1,2 2\nx_R.png,\"b, c\",5 1\nx,R.png_finger_1,\n", Run(paths, new HardVoteOptions { MinVotes = 2 }));
    }

    [Fact]
    public void Missing_and_extra_rows_are_told_member_by_member()
    {
        var first = _folder.Write("first.csv", Header + "a.png,x,1 2\nb.png,x,1 2\nc.png,x,1 2\n");
        var second = _folder.Write("second.csv", Header + "b.png,x,1 2\na.png,y,1 2\n");
        var fault = Assert.Throws<MaskFormatException>(() => Run([first, second], new HardVoteOptions()));
        Assert.Equal(
            $"The members do not predict the same rows; {first} has 3.\n  {first} lacks 1: a.png, y\n  {second} lacks 2: a.png, x; c.png, x\n"
            + "Predict them again, or set on_missing: empty to count an absent row as an empty mask.",
            fault.Message);
    }

    [Fact]
    public void Absent_rows_may_count_as_empty_masks()
    {
        var first = _folder.Write("first.csv", Header + "a.png,x,1 2\nb.png,x,1 2\n");
        var second = _folder.Write("second.csv", Header + "b.png,x,2 2\nc.png,x,7 2\n");
        var output = new MemoryStream();
        var report = HardVote.Run(
            [first, second], output, new HardVoteOptions { MinVotes = 1, OnMissing = OnMissing.Empty }, TestContext.Current.CancellationToken);
        Assert.Equal(Header + "a.png,x,1 2\nb.png,x,1 3\nc.png,x,7 2\n", Encoding.UTF8.GetString(output.ToArray()));
        Assert.Equal(new HardVoteReport(Members: 2, MinVotes: 1, Rows: 3, Filled: 2), report);
    }

    [Theory]
    [InlineData("a.png,x,1 2\na.png,x,1 2\n", "(3): a.png, x: the row was there already, on line 2")]
    [InlineData("a.png,x,1 2\nb.png,x,4 1 2 1\n", "(3): b.png, x: RLE, character 8: run 2 starts before the run in front of it ends")]
    [InlineData("a.png,x,0 2\nb.png,x,\n", "(2): a.png, x: RLE, character 4: run starts at 0; pixels are numbered from 1")]
    [InlineData("a.png,x,1 2147483647\nb.png,x,\n", "beyond the last pixel, 2147483646")]
    public void A_broken_member_is_named_with_its_line(string rows, string what)
    {
        var good = _folder.Write("good.csv", Header + "a.png,x,1 2\nb.png,x,4 1\n");
        var bad = _folder.Write("bad.csv", Header + rows);
        var fault = Assert.Throws<MaskFormatException>(() => Run([good, bad], new HardVoteOptions()));
        Assert.StartsWith(bad, fault.Message, StringComparison.Ordinal);
        Assert.Contains(what, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_faulty_row_is_told_whatever_the_threads()
    {
        var rows = Enumerable.Range(0, 1000).Select(i => $"{i}.png,x,{(i >= 300 ? "5 0" : "1 2")}\n");
        var path = _folder.Write("bad.csv", Header + string.Concat(rows));
        for (var i = 0; i < 20; i++)
        {
            Assert.StartsWith($"{path}(302): 300.png", Assert.Throws<MaskFormatException>(() => Run([path], new HardVoteOptions { Threads = 4 })).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Many_rows_come_out_in_the_first_members_order_for_any_threads()
    {
        var path = _folder.Write("many.csv", Header + string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i}.png,x,{i + 1} 7\n")));
        foreach (var threads in new[] { 1, 2, 7 })
        {
            Assert.Equal(System.IO.File.ReadAllText(path), Run([path, path, path], new HardVoteOptions { Threads = threads }));
        }
    }

    [Fact]
    public void A_column_ordered_competition_keeps_its_word_for_empty()
    {
        var path = _folder.Write("kaggle.csv", Header + "a.png,x,-1\nb.png,x,3 4\n");
        var options = new HardVoteOptions { Convention = RleConvention.Kaggle with { EmptyText = "-1" } };
        Assert.Equal(System.IO.File.ReadAllText(path), Run([path], options));
    }

    [Fact]
    public void A_cancelled_vote_stops()
    {
        var path = _folder.Write("one.csv", Header + "a.png,x,1 2\n");
        Assert.Throws<OperationCanceledException>(() => HardVote.Run([path], new MemoryStream(), new HardVoteOptions(), new CancellationToken(canceled: true)));
    }

    private static string Run(IReadOnlyList<string> members, HardVoteOptions options)
    {
        var output = new MemoryStream();
        HardVote.Run(members, output, options);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private string File(string name, IEnumerable<(string Image, Mask Mask)> rows) =>
        _folder.Write(name, Header + string.Concat(rows.Select(r => $"{r.Image},x,{Rle.Encode(r.Mask, RleConvention.HandBone)}\n")));
}
