using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Acceptance.Tests;

/// <summary>Networks that see images of two sizes, in one experiment from the files to the report.</summary>
public sealed class ImageSizeTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public ImageSizeTests() => _workspace.Write("experiments/tiny.yaml", """
        seed: 3
        data:
          format: hand-bone
          classes: [finger-3, finger-7, finger-11, Capitate, Radius, Ulna]
          synthesize: {hand-bone: {patients: 4, test_patients: 1, size: 128, seed: 5}}
        convert: {size: 64}
        split: {folds: 2}
        augment:
          - {name: wrist, classes: [Capitate], size: 48}
          - {name: turned, transforms: [HorizontalFlip: {p: 1}]}
        models:
          small: {architecture: {PlainUnet: {width: 4, depth: 2}}}
          large: {architecture: {PlainUnet: {width: 4, depth: 2}}, size: 96}
          whole: {architecture: {PlainUnet: {width: 4, depth: 2}}, size: 0}
          twin: {architecture: {PlainUnet: {width: 4, depth: 3}}, size: 96}
        train: {epochs: 1, batch_size: 4, threads: 1}
        infer: {tta: {flips: [horizontal]}, tune_thresholds: true}
        ensemble: {vote: soft}
        """);

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Votes_of_two_sizes_from_the_files_to_the_report()
    {
        Assert.Contains("Convert[size=96]: after Synthesize", _workspace.Expect(0, "--target=Report", "--experiment=tiny", "--dryrun"), StringComparison.Ordinal);
        var made = _workspace.Expect(0, "--target=Report", "--experiment=tiny");
        Assert.Contains("Convert: 3 run, 0 restored, 0 up to date", made, StringComparison.Ordinal);
        Assert.Contains("Augment: 6 run, 0 restored, 0 up to date", made, StringComparison.Ordinal);
        Assert.Contains("Soft vote of 8 members", made, StringComparison.Ordinal);
        Assert.Contains("everything is up to date", _workspace.Expect(0, "--target=Report", "--experiment=tiny"), StringComparison.Ordinal);

        // Cases are the same, their pixels more or fewer, their truth the original.
        CaseStore[] stores = [.. new[] { "Convert", "Convert[size=96]", "Convert[size=0]" }.Select(unit => CaseStore.Open(Folder(unit)))];
        Assert.Equal([64, 96, 128], stores.Select(s => s.Cases.Max(c => Math.Max(c.Stored.Height, c.Stored.Width))));
        var labelled = stores[0].Cases.First(c => c.Labelled);
        Assert.All(stores, s => Assert.Equal(stores[0].Cases.Select(c => c.Id), s.Cases.Select(c => c.Id)));
        Assert.All(stores, s => Assert.Equal(stores[0].ReadTruth(labelled), s.ReadTruth(s[labelled.Id])));

        // A recipe's size is one for all; whole images are as large as the network sees them.
        foreach (var (unit, side) in new[] { ("Augment[fold=1]", 64), ("Augment[size=96,fold=1]", 96), ("Augment[size=0,fold=1]", 128) })
        {
            var added = CaseStore.Open(Folder(unit)).Cases.ToLookup(c => c.Id.Contains(".wrist-", StringComparison.Ordinal), c => Math.Max(c.Stored.Height, c.Stored.Width));
            Assert.Equal([48], added[true].Distinct());
            Assert.Equal([side], added[false].Distinct());
        }

        // A second experiment whose only size is the larger one finds its networks trained.
        _workspace.Write("experiments/alone.yaml", "extends: tiny.yaml\nconvert: {size: 96}\nmodels: {small: null, whole: null, twin: null, large: {size: null}}\nsplit: {folds: 2}\n");
        var alone = _workspace.Expect(0, "--target=Validate", "--experiment=alone");
        Assert.Contains("Convert: 0 run, 1 restored", alone, StringComparison.Ordinal);
        Assert.Contains("Augment: 0 run, 2 restored", alone, StringComparison.Ordinal);
        Assert.Contains("Train: 0 run, 2 restored", alone, StringComparison.Ordinal);

        // Masks that vote, and new images that are asked of all.
        var hard = _workspace.Expect(0, "--target=Ensemble", "--experiment=tiny", "--set", "ensemble.vote=hard", "--set", "ensemble.min_votes=5");
        Assert.Contains("Train: 0 run", hard, StringComparison.Ordinal);
        Assert.Contains("Hard vote of 8 members: 5 of 8 votes", hard, StringComparison.Ordinal);
        ImageFile.WritePng(_workspace.At("new", "hand.png"), Gradient(new Frame(150, 110)));
        Assert.Contains("1 images predicted by", _workspace.Expect(0, "--target=Infer", "--input=new", "--model=tiny"), StringComparison.Ordinal);
        Assert.Contains("twin: would run", _workspace.Expect(0, "--target=Explain", "--experiment=tiny", "--set", "models.twin.size=80").Replace("Convert[size=80]: would run", "twin: would run", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_that_a_transformer_cannot_take_is_refused_before_anything_runs()
    {
        var refused = _workspace.Expect(2, "--target=Train", "--experiment=tiny", "--set", "models.large={architecture: UPerNet, encoder: {tu-swin_tiny_patch4_window7_224: {img_size: 64}}, size: 96}");
        Assert.Contains("models.large: size is 96, and its encoder takes images of 64×64 alone. Set size: 64, the nearest that it takes, or the encoder's img_size: 96.", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("Synthesize: 1 run", refused, StringComparison.Ordinal);
        Assert.Contains("img_size 100 must be a multiple of 32, or [height, width] of such; nearest is 96.", _workspace.Expect(2, "--target=Train", "--experiment=tiny",
            "--set", "models.large={architecture: UPerNet, encoder: {tu-swin_tiny_patch4_window7_224: {img_size: 100}}, size: 100}"), StringComparison.Ordinal);
    }

    private static Image Gradient(Frame frame)
    {
        var image = new Image(frame);
        for (var i = 0; i < frame.Area; i++)
        {
            image.Bytes[i] = (byte)(i % frame.Width);
        }

        return image;
    }

    private string Folder(string unit)
    {
        var key = (string)JsonNode.Parse(File.ReadAllText(_workspace.At("experiments", "tiny.lock.json")))![unit]!["key"]!;
        return Directory.GetDirectories(_workspace.At(".osteon", "cache"), key, SearchOption.AllDirectories).Single();
    }
}
