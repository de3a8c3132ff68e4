using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Acceptance.Tests;

/// <summary>What is black all around an image is cut away, and answers come back in its own frame.</summary>
public sealed class CropTests : IDisposable
{
    private static readonly Frame s_image = new(60, 50);
    private readonly Workspace _workspace = new();

    public CropTests()
    {
        for (var i = 0; i < 7; i++)
        {
            Write($"data/{(i < 6 ? "" : "test-")}images/case{i}.png", i, label: false);
            Write($"data/{(i < 6 ? "" : "test-")}labels/case{i}.png", i, label: true);
        }

        _workspace.Write("experiments/discs.yaml", """
            data:
              source: {root: data}
              mode: multiclass
              format: {image-mask: {images: images, labels: labels, test_images: test-images, test_labels: test-labels, values: {background: 0, disc: 255}}}
            convert: {crop: nonzero, size: 32, resampling: spline}
            split: {folds: 2}
            models: {net: {architecture: {PlainUnet: {width: 4, depth: 2}}}}
            train: {epochs: 2, batch_size: 2, threads: 1, loss: [CrossEntropy, Dice]}
            infer: {window: 24, tta: {scales: [1, 1.25]}}
            ensemble: {vote: soft, outputs: [csv, png]}
            """);
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Answers_come_back_in_the_frame_of_the_image()
    {
        _workspace.Expect(0, "--target=Report", "--experiment=discs");
        var store = CaseStore.Open(Folder("Convert"));
        Assert.All(store.Cases, c => Assert.Equal((s_image, new Frame(32, 24), BoxOf(int.Parse(c.Source.ImageName[4..5], System.Globalization.CultureInfo.InvariantCulture))), (c.Original, c.Stored, c.Crop!.Value)));

        var test = store.Cases.Single(c => c.Source.ImageName == "case6.png");
        using var submission = new SubmissionIndex(_workspace.At("runs", "discs", "submission.csv"));
        Masks(BoxOf(6), submission.Masks("case6.png", store.Classes, s_image));
        Assert.Equal(s_image, ImageFile.ReadGray(_workspace.At("runs", "discs", "png", "case6.png")).Frame);

        Write("new/other.png", 3, label: false);
        _workspace.Expect(0, "--target=Infer", "--input=new", "--model=discs", "--output=out");
        using var asked = new SubmissionIndex(_workspace.At("out", "predictions.csv"));
        Masks(BoxOf(3), asked.Masks("other.png", store.Classes, s_image));

        // nnU-Net's numbers are of what is left: 40 × 30 of 60 × 50.
        _workspace.Write("experiments/auto.yaml", "extends: discs.yaml\nconvert: {crop: null, size: 0}\nmodels: {net: null}\nplan: nnunet-2d\n");
        _workspace.Expect(0, "--target=Plan", "--experiment=auto");
        var planned = File.ReadAllText(_workspace.At("experiments", "auto-nnunet-2d.yaml"));
        Assert.Contains("All images are 40 × 30 pixels", planned, StringComparison.Ordinal);
        Assert.Contains("convert: {crop: nonzero}", planned, StringComparison.Ordinal);
    }

    // Every pixel has one class, and what networks did not see is background.
    private static void Masks(Box box, Mask[] masks)
    {
        Assert.Equal(s_image.Area, masks.Sum(m => m.Area));
        Assert.True(masks[0].Union(masks[1]).Equals(Mask.Full(s_image)));
        Assert.Equal(masks[1], box.Place(box.Cut(masks[1]), s_image));
    }

    private static Box BoxOf(int i) => new(4 + i, 15 - i, new Frame(40, 30));

    private void Write(string path, int i, bool label)
    {
        var (box, image) = (BoxOf(i), new Image(s_image));
        for (var y = 0; y < box.Size.Height; y++)
        {
            for (var x = 0; x < box.Size.Width; x++)
            {
                var disc = Math.Pow(y - 20, 2) + Math.Pow(x - 12, 2) < 81;
                image.Bytes[((box.Top + y) * s_image.Width) + box.Left + x] = label ? disc ? byte.MaxValue : (byte)0 : (byte)(disc ? 180 + ((x * (i + 2)) % 7) : 20 + ((y * (i + 3)) % 17));
            }
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_workspace.At(path))!);
        ImageFile.WritePng(_workspace.At(path), image);
    }

    private string Folder(string unit)
    {
        var key = (string)JsonNode.Parse(File.ReadAllText(_workspace.At("experiments", "discs.lock.json")))![unit]!["key"]!;
        return Directory.GetDirectories(_workspace.At(".osteon", "cache"), key, SearchOption.AllDirectories).Single();
    }
}
