using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;
using Osteon.Plugins.Losses.Segmentation;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Training.Tests;

/// <summary>Epochs are judged by pixels that have a class.</summary>
public sealed class UndecidedPixelsTests : IDisposable
{
    private const int Side = 32;
    private readonly string _root = Directory.CreateTempSubdirectory("osteon-undecided-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    // Columns 0–7 are of the first class, 8–15 of the second, and nobody decided on 16–31; the network says the first everywhere.
    [Fact]
    public void An_epoch_is_scored_without_pixels_that_nobody_decided()
    {
        var frame = new Frame(Side, Side);
        var words = new LabelMap(frame, 2);
        for (var i = 0; i < frame.Area; i++)
        {
            words.Bytes[i] = (byte)((i % Side) switch { < 8 => 1, < 16 => 2, _ => 0 });
        }

        var writer = new CaseStoreWriter(Path.Combine(_root, "store"), ["first", "second"]);
        var stored = new StoredCase(new CaseSource("a", "a", Subset.Train, "a.png", "a.json"), frame, frame, Labelled: true);
        writer.Write(stored, new Image(frame, 1, new byte[frame.Area]), words, [words.ToMask(0), words.ToMask(1)]);
        writer.Finish([stored]);
        var store = CaseStore.Open(Path.Combine(_root, "store"));
        using var discs = new Discs();
        var job = discs.Job();
        job = job with
        {
            Plan = job.Plan with { Epochs = 1, Metrics = ["dice", "iou", "accuracy", "hd95"], Crop = 0 },
            Mode = LabelMode.Multiclass,
            Store = store,
            Training = store.Cases,
            Validation = store.Cases,
            Build = () => new Always(),
            Losses = [new WeightedLoss("CrossEntropy", new CrossEntropyLoss(new CrossEntropyOptions()), 1)],
        };
        Trainer.Fit(job, TestContext.Current.CancellationToken);
        var epoch = Assert.Single(History.Read(Path.Combine(job.Folder, History.FileName)));
        Assert.Equal([2 / 3.0, 0], epoch.Of("dice"));               // 256 found and 256 too many; 256 missed
        Assert.Equal([0.5, 0], epoch.Of("iou"));
        Assert.Equal([0.5, 0.5], epoch.Of("accuracy"));             // of 512 pixels
        Assert.Equal(8, epoch.Of("hd95")[0]);                       // the prediction ends in column 15, the truth in 7
    }

    private sealed class Always : Network
    {
        private readonly TorchSharp.Modules.Conv2d convolution;

        public Always()
            : base("always")
        {
            convolution = Conv2d(1, 2, 1);
            RegisterComponents();
        }

        public override InputSizes Sizes => new(1);

        public override Tensor forward(Tensor input) => (convolution.forward(input) * 0) + tensor([1f, 0f], [2, 1, 1]);
    }
}
