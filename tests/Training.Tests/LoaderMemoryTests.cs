using System.Diagnostics;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;
using Osteon.Plugins.Augmentations.Basic;
using Osteon.Plugins.Augmentations.Intensity;
using Osteon.Plugins.Augmentations.Mixing;
using Osteon.Plugins.Augmentations.Spatial;
using Osteon.Training;
using static TorchSharp.torch;

namespace Osteon.Training.Tests;

/// <summary>What the loader takes from the heap once it runs: notes of a few bytes, never pixels.</summary>
public sealed class LoaderMemoryTests : IDisposable
{
    private const int Side = 512, Cases = 8, PerBatch = 4;
    private readonly string _root = Directory.CreateTempSubdirectory("osteon-memory-").FullName;

    [Fact]
    public void A_batch_allocates_less_than_a_hundredth_of_what_it_holds()
    {
        using var discs = new Discs();
        var job = discs.Job();
        var store = Store();
        Augmentation[] augment =
        [
            new HorizontalFlip(new FlipOptions()), new Rotate(new RotateOptions { P = 1 }), new RandomBrightnessContrast(new RandomBrightnessContrastOptions { P = 1 }),
            new RICAP(new RICAPOptions { P = 0.3 }), new MixUp(new MixUpOptions { P = 0.3 }),
        ];
        job = job with { Store = store, Training = store.Cases, Augmentations = augment, Plan = job.Plan with { BatchSize = PerBatch, Crop = 0, LoaderThreads = 2, Repeat = 3 } };
        using var loader = new BatchLoader(job, new InputSizes(32));
        // Chance may ask a workspace for one more array for a while; pixels that were taken anew for each sample would show in every epoch.
        var each = Enumerable.Range(0, 8).Min(epoch =>
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var batches = Run(loader, epoch);
            return (GC.GetTotalAllocatedBytes(precise: true) - before) / batches;
        });
        TestContext.Current.SendDiagnosticMessage($"{each} bytes a batch");
        Assert.InRange(each, 0, PerBatch * Side * Side * 5 / 100);  // a byte of grey and a word of 4: 5.2 MB a batch
    }

    [Fact]
    public void The_first_batch_is_there_within_two_seconds()
    {
        using var discs = new Discs();
        var job = discs.Job();
        var store = Store();
        var clock = Stopwatch.StartNew();
        using var loader = new BatchLoader(job with { Store = store, Training = store.Cases, Plan = job.Plan with { BatchSize = PerBatch, Crop = 0 } }, new InputSizes(32));
        using var batch = loader.Epoch(0, 0).First();
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 2);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static int Run(BatchLoader loader, int epoch)
    {
        var batches = 0;
        foreach (var next in loader.Epoch(epoch, 0))
        {
            using var batch = next;
            batches++;
        }

        return batches;
    }

    private CaseStore Store()
    {
        var writer = new CaseStoreWriter(_root, [.. Enumerable.Range(0, 29).Select(k => $"class{k}")]);
        var frame = new Frame(Side, Side);
        var cases = new List<StoredCase>();
        for (var i = 0; i < Cases; i++)
        {
            var (image, words) = (new Image(frame), new LabelMap(frame, 29));
            for (var at = 0; at < frame.Area; at++)
            {
                image.Bytes[at] = (byte)((at * 7) + (i * 31));
            }

            words.Add(new Mask(frame, [new Run(1000 * i, 5000)]), i);
            var stored = new StoredCase(new CaseSource($"case{i}", $"patient{i}", Subset.Train, $"{i}.png", $"{i}.json"), frame, frame, Labelled: true);
            writer.Write(stored, image, words, words.ToMasks());
            cases.Add(stored);
        }

        writer.Finish(cases);
        return CaseStore.Open(_root);
    }
}
