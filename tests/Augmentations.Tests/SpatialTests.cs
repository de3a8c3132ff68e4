using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.Augmentations.Basic;
using Osteon.Plugins.Augmentations.NnUnet;
using Osteon.Plugins.Augmentations.Spatial;

namespace Osteon.Augmentations.Tests;

public sealed class SpatialTests
{
    public static TheoryData<int, int, int> AffineCases()
    {
        var cases = new TheoryData<int, int, int>();
        for (var row = 0; row < Golden.Rows("affine").Count(); row++)
        {
            foreach (var (image, words) in new[] { (8, 8), (16, 16), (8, 32), (16, 64) })
            {
                cases.Add(row, image, words);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(AffineCases))]
    public void Affine_moves_agree_with_OpenCV_to_the_pixel(int row, int imageBits, int wordBits)
    {
        var golden = Golden.Rows("affine").ElementAt(row);
        var moved = Apply(new Rotate(new RotateOptions { BorderMode = (string)golden["border"]!, Fill = 7 }), Golden.Sample(imageBits, wordBits), DrawOf(golden["draw"]!.AsArray()));
        Assert.Equal((string)golden[$"image{imageBits}"]!, Golden.Digest(moved.Image.Bytes));
        Assert.Equal((string)golden[$"words{wordBits}"]!, Golden.Digest(moved.Labels.Bytes));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void Orientations_agree_with_numpy(int bits)
    {
        foreach (var golden in Golden.Rows("orientation"))
        {
            var name = (string)golden["name"]!;
            var draw = name switch
            {
                "HorizontalFlip" => Orientation.FlipColumns,
                "VerticalFlip" => Orientation.FlipRows,
                _ => Enum.Parse<Orientation>(name),
            };
            var moved = Apply(new D4(new D4Options()), Golden.Sample(8, bits), draw);
            Assert.Equal((string)golden[$"words{bits}"]!, Golden.Digest(moved.Labels.Bytes));
            Assert.Equal((string)golden["words8"]!, Golden.Digest(moved.Image.Bytes));
        }
    }

    [Fact]
    public void nnU_Net_s_mirror_swaps_paired_classes_where_one_axis_is_mirrored_and_not_where_both_are()
    {
        var mirror = (DrawnAugmentation)new MirrorTransform(new MirrorTransformOptions { SwapClasses = [["left", "right"]] }).For(["left", "middle", "right"]);
        var sample = new Sample(new Image(new Frame(1, 2)), new LabelMap(new Frame(1, 2), 3, [1, 2]));
        Assert.Equal(new byte[] { 2, 4 }, AugmentationPipeline.Apply(mirror, sample, Orientation.FlipColumns).Labels.Bytes.ToArray());
        Assert.Equal(new byte[] { 4, 2 }, AugmentationPipeline.Apply(mirror, sample, Orientation.FlipRows).Labels.Bytes.ToArray());
        Assert.Equal(new byte[] { 2, 1 }, AugmentationPipeline.Apply(mirror, sample, Orientation.FlipRows | Orientation.FlipColumns).Labels.Bytes.ToArray());
    }

    [Fact]
    public void A_class_bit_moves_as_a_mask_of_its_own_would()
    {
        var rotate = new Rotate(new RotateOptions());
        var sample = Golden.Sample(8, 32);
        var together = Apply(rotate, sample, new AffineDraw(33)).Labels.Words<uint>().ToArray();
        for (var k = 0; k < 32; k++)
        {
            var plane = new LabelMap(Golden.Frame, 1, Array.ConvertAll(sample.Labels.Words<uint>().ToArray(), w => (byte)(w >> k & 1)));
            var alone = Apply(rotate, sample with { Labels = plane }, new AffineDraw(33)).Labels.Bytes.ToArray();
            Assert.Equal(alone, Array.ConvertAll(together, w => (byte)(w >> k & 1)));
        }
    }

    [Fact]
    public void Outside_pixels_take_the_label_word_asked_for()
    {
        var labels = new LabelMap(new Frame(4, 6), 3);
        var sample = new Sample(new Image(labels.Frame), labels);
        var shifted = Apply(new Rotate(new RotateOptions { FillMask = 0b101 }), sample, new AffineDraw(0, ShiftX: 2)).Labels;
        Assert.Equal([5, 5, 0, 0, 0, 0], shifted.Bytes[..6].ToArray());
    }

    [Fact]
    public void Quarter_turns_change_height_and_width_of_image_and_labels_together()
    {
        var turned = Apply(new Transpose(new FlipOptions()), Golden.Sample(8, 8), Orientation.Transpose);
        Assert.Equal(new Frame(53, 37), turned.Image.Frame);
        Assert.Equal(turned.Image.Frame, turned.Labels.Frame);
    }

    [Fact]
    public void Four_quarter_turns_give_the_input_back()
    {
        var sample = Golden.Sample(16, 64);
        var turned = sample;
        var rotate = new RandomRotate90(new RandomRotate90Options());
        for (var i = 0; i < 4; i++)
        {
            turned = Apply(rotate, turned, Orientation.Rotate90);
        }

        Assert.Equal(sample.Image.Bytes.ToArray(), turned.Image.Bytes.ToArray());
        Assert.Equal(sample.Labels.Bytes.ToArray(), turned.Labels.Bytes.ToArray());
    }

    [Fact]
    public void Draws_stay_inside_their_limits()
    {
        var random = RandomStream.For(1, "draws");
        var augmentation = new ShiftScaleRotate(new ShiftScaleRotateOptions());
        for (var i = 0; i < 1000; i++)
        {
            var draw = (AffineDraw)augmentation.Draw(ref random, new DrawContext(new Frame(100, 200)));
            Assert.InRange(draw.Degrees, -45, 45);
            Assert.InRange(draw.ScaleX, 0.9, 1.1);
            Assert.InRange(draw.ScaleY, 0.9, 1.1);
            Assert.InRange(draw.ShiftX, -12, 12);
            Assert.InRange(draw.ShiftY, -6, 6);
        }
    }

    private static Sample Apply(DrawnAugmentation augmentation, Sample sample, object draw) => AugmentationPipeline.Apply(augmentation, sample, draw);

    private static AffineDraw DrawOf(JsonArray draw) =>
        new((double)draw[0]!, (double)draw[1]!, (double)draw[2]!, (int)draw[3]!, (int)draw[4]!);
}
