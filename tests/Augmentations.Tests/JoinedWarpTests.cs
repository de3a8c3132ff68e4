using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Augmentations.Tests;

/// <summary>Consecutive geometries as one warp: exact where pixels only move, and the composed map of coordinates everywhere else.</summary>
public sealed class JoinedWarpTests
{
    private static readonly Frame Frame = Golden.Frame;

    public static TheoryData<int> Bits() => new(8, 16, 32, 64);

    [Theory]
    [MemberData(nameof(Bits))]
    public void Turns_and_windows_joined_are_the_same_moves_one_after_another(int bits)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = RandomStream.For(seed, "moves");
            var (moves, frame) = (new List<Geometry>(), Frame);
            for (var i = 0; i < 4; i++)
            {
                moves.Add(random.NextInt(2) == 0 ? new GridTurn((Orientation)random.NextInt(8), frame) : Crop(ref random, frame));
                frame = moves[^1].Output;
            }

            AssertSame(OneByOne(Golden.Sample(8, bits), moves), GeometryRun.Apply(Golden.Sample(8, bits), moves, new Workspace()));
        }
    }

    [Theory]
    [InlineData(BorderMode.Constant)]
    [InlineData(BorderMode.Replicate)]
    [InlineData(BorderMode.Reflect)]
    [InlineData(BorderMode.Reflect101)]
    [InlineData(BorderMode.Wrap)]
    public void A_pad_reads_outside_as_a_warp_by_whole_pixels_does(BorderMode mode)
    {
        var border = new Border(mode, 7, 0b1011);
        foreach (var (top, left, height, width) in new[] { (-5, -9, 50, 80), (3, -60, 12, 60), (-90, 4, 200, 20), (30, 50, 40, 40), (-8, 40, 6, 9) })
        {
            var output = new Frame(height, width);
            var padded = GeometryRun.Apply(Golden.Sample(16, 32), [new GridWindow(top, left, output, border)], new Workspace());
            var warped = GeometryRun.Apply(
                Golden.Sample(16, 32), [new GridProjection(Projection.Shift(-left, -top), output, border, Interpolation.Nearest)], new Workspace());
            AssertSame(warped, padded);
        }
    }

    [Fact]
    public void A_flip_and_a_rotation_read_each_pixel_once()
    {
        // A quarter turn by the matrix of a rotation about the centre moves whole pixels, so that both ways give the same bytes.
        var frame = new Frame(40, 40);
        var sample = new Sample(Cut(Golden.Image(16), frame), new LabelMap(frame, 3));
        Geometry[] moves =
        [
            new GridTurn(Orientation.FlipColumns, frame),
            new GridProjection(new Projection(0, 1, 0, -1, 0, 39), frame),
        ];
        AssertSame(OneByOne(sample, moves), GeometryRun.Apply(sample, moves, new Workspace()));
    }

    [Fact]
    public void Two_rotations_joined_are_one_by_the_sum_of_their_angles()
    {
        var joined = GeometryRun.Apply(Golden.Sample(8, 32), [Rotation(13), Rotation(-31)], new Workspace());
        var once = GeometryRun.Apply(Golden.Sample(8, 32), [Rotation(-18)], new Workspace());
        Assert.Equal(0.0, once.Image.Bytes.ToArray().Zip(joined.Image.Bytes.ToArray(), (a, b) => Math.Abs(a - b)).Average(), 0.2);
        Assert.InRange(Differing(once.Labels, joined.Labels), 0, Frame.Area / 100);
    }

    [Fact]
    public void What_a_step_between_moves_out_of_the_frame_is_brought_back()
    {
        var (there, back) = (Shift(20), Shift(-20));
        AssertSame(Golden.Sample(8, 8), GeometryRun.Apply(Golden.Sample(8, 8), [there, back], new Workspace()));
        Assert.NotEqual(Golden.Image(8).Bytes.ToArray(), OneByOne(Golden.Sample(8, 8), [there, back]).Image.Bytes.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_field_and_a_shift_are_the_field_of_the_sum(bool fieldFirst)
    {
        static Geometry Field(double dx, double dy) => new GridField((x, y, _) => Fill(x, y, dx, dy), Frame, new Border(BorderMode.Reflect101));
        Geometry shift = new GridProjection(Projection.Shift(4, -3), Frame, new Border(BorderMode.Reflect101));
        var joined = GeometryRun.Apply(Golden.Sample(8, 32), fieldFirst ? [Field(2.25, 1.5), shift] : [shift, Field(2.25, 1.5)], new Workspace());
        var once = GeometryRun.Apply(Golden.Sample(8, 32), [Field(2.25 - 4, 1.5 + 3)], new Workspace());
        AssertSame(once, joined);

        static void Fill(Span<float> x, Span<float> y, double dx, double dy)
        {
            for (var i = 0; i < x.Length; i++)
            {
                (x[i], y[i]) = ((float)((i % Frame.Width) + dx), (float)((i / Frame.Width) + dy));
            }
        }
    }

    [Fact]
    public void Steps_of_different_borders_are_not_joined()
    {
        Geometry[] steps = [Shift(20), new GridProjection(Projection.Shift(-20, 0), Frame, new Border(BorderMode.Reflect))];
        AssertSame(OneByOne(Golden.Sample(8, 8), steps), GeometryRun.Apply(Golden.Sample(8, 8), steps, new Workspace()));
    }

    [Fact]
    public void A_pad_behind_a_crop_shows_its_fill()
    {
        Geometry[] steps = [new GridWindow(10, 10, new Frame(8, 8)), new GridWindow(-4, -4, new Frame(16, 16), new Border(BorderMode.Constant, 200))];
        var padded = GeometryRun.Apply(Golden.Sample(8, 8), steps, new Workspace());
        Assert.Equal(200, padded.Image.Bytes[0]);
        AssertSame(OneByOne(Golden.Sample(8, 8), steps), padded);
    }

    [Fact]
    public void Paired_classes_change_names_with_the_mirror()
    {
        var labels = new LabelMap(new Frame(1, 3), 4, [0b0001, 0b0010, 0b1100]);
        var mirrored = GeometryRun.Apply(
            new Sample(new Image(labels.Frame), labels), [new GridTurn(Orientation.FlipColumns, labels.Frame) { Swaps = [(0, 1)] }], new Workspace());
        Assert.Equal([0b1100, 0b0001, 0b0010], mirrored.Labels.Bytes.ToArray());
    }

    [Fact]
    public void Mixed_in_labels_move_along()
    {
        var sample = Golden.Sample(8, 8) with { Second = Golden.Words(8), SecondShare = 0.25 };
        var moved = GeometryRun.Apply(sample, [Rotation(20), new GridTurn(Orientation.Transpose, Frame)], new Workspace());
        Assert.Equal(moved.Labels.Bytes.ToArray(), moved.Second!.Bytes.ToArray());
        Assert.Equal(0.25, moved.SecondShare);
    }

    private static GridProjection Shift(double x) => new(Projection.Shift(x, 0), Frame);

    private static GridProjection Rotation(double degrees)
    {
        var (sin, cos) = Math.SinCos(double.DegreesToRadians(degrees));
        var (x, y) = ((Frame.Width - 1) / 2.0, (Frame.Height - 1) / 2.0);
        return new GridProjection(new Projection(cos, sin, x - (cos * x) - (sin * y), -sin, cos, y + (sin * x) - (cos * y)), Frame);
    }

    private static GridWindow Crop(ref RandomStream random, Frame from)
    {
        var to = new Frame(from.Height - random.NextInt(5), from.Width - random.NextInt(5));
        return new GridWindow(random.NextInt(from.Height - to.Height + 1), random.NextInt(from.Width - to.Width + 1), to);
    }

    private static Image Cut(Image image, Frame frame) =>
        GeometryRun.Apply(new Sample(image, new LabelMap(image.Frame, 1)), [new GridWindow(0, 0, frame, new Border(BorderMode.Wrap))], new Workspace()).Image;

    private static Sample OneByOne(Sample sample, IEnumerable<Geometry> steps) =>
        steps.Aggregate(sample, (s, step) => GeometryRun.Apply(s, [step], new Workspace()));

    private static int Differing(LabelMap a, LabelMap b) => a.Words<uint>().ToArray().Zip(b.Words<uint>().ToArray(), (x, y) => x == y ? 0 : 1).Sum();

    private static void AssertSame(Sample expected, Sample actual)
    {
        Assert.Equal(expected.Image.Frame, actual.Image.Frame);
        Assert.Equal(expected.Image.Bytes.ToArray(), actual.Image.Bytes.ToArray());
        Assert.Equal(expected.Labels.Bytes.ToArray(), actual.Labels.Bytes.ToArray());
    }
}
