using System.Security.Cryptography;
using Osteon.Abstractions;
using Osteon.Plugins.Augmentations.Basic;
using Osteon.Plugins.Augmentations.Intensity;
using Osteon.Plugins.Augmentations.Mixing;
using Osteon.Training;
using static TorchSharp.torch;

namespace Osteon.Training.Tests;

public sealed class BatchLoaderTests : IDisposable
{
    private readonly Discs _discs = new();
    private readonly List<BatchLoader> _loaders = [];

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(16)]
    public void Gives_the_same_batches_for_any_number_of_threads(int threads) => Assert.Equal(Epochs(1), Epochs(threads));

    [Fact]
    public void Gives_the_rest_of_an_epoch_that_is_entered_late()
    {
        var loader = Loader(1);
        Assert.Equal(loader.Epoch(1, 0).Skip(2).Select(Digest), Loader(4).Epoch(1, 2).Select(Digest));
    }

    [Fact]
    public void Gives_every_case_once_in_another_order_and_other_crops_each_epoch()
    {
        var loader = Loader(2);
        var (first, second) = (loader.Epoch(0, 0).ToArray(), loader.Epoch(1, 0).ToArray());
        Assert.Equal(first.SelectMany(batch => batch.Cases).Order(), second.SelectMany(batch => batch.Cases).Order());
        Assert.Equal(6, first.SelectMany(batch => batch.Cases).Distinct().Count());
        Assert.NotEqual(first.Select(Digest), second.Select(Digest));
    }

    [Fact]
    public void An_epoch_that_is_left_early_gives_its_memory_back()
    {
        var loader = Loader(4);
        foreach (var batch in loader.Epoch(0, 0))
        {
            batch.Dispose();
            break;
        }

        Assert.Equal(3, loader.Epoch(0, 0).Select(Digest).Distinct().Count());
    }

    [Fact]
    public void Mixing_takes_other_cases_by_the_sample_s_own_stream()
    {
        Assert.Equal(Epochs(1, mixing: true), Epochs(8, mixing: true));
        Assert.NotEqual(Epochs(1), Epochs(1, mixing: true));
    }

    [Fact]
    public void Soft_targets_are_the_weighted_mean_of_both_labels()
    {
        using var scope = NewDisposeScope();
        var frame = new Masks.Frame(1, 2);
        var sample = new Sample(new Image(frame), new Masks.LabelMap(frame, 2, [1, 3])) { Second = new Masks.LabelMap(frame, 2, [2, 1]), SecondShare = 0.25 };
        var hard = new Sample(new Image(frame), new Masks.LabelMap(frame, 2, [2, 0]));
        using var batch = Collation.Stack([sample, hard], ["a", "b"], 1, new InputSizes(1));
        Assert.Equal([0.75f, 1, 0.25f, 0.75f, 0, 0, 1, 0], batch.ToTensors(CPU).Targets.data<float>().ToArray());
    }

    public void Dispose()
    {
        _loaders.ForEach(loader => loader.Dispose());
        _discs.Dispose();
    }

    private BatchLoader Loader(int threads, bool mixing = false)
    {
        var job = _discs.Job();
        Augmentation[] augment = [new HorizontalFlip(new FlipOptions()), new RandomBrightnessContrast(new RandomBrightnessContrastOptions())];
        augment = mixing ? [new CutMix(new CutMixOptions { P = 1 }), .. augment, new MixUp(new MixUpOptions { P = 0.5 })] : augment;
        _loaders.Add(new BatchLoader(job with { Augmentations = augment, Plan = job.Plan with { LoaderThreads = threads } }, new InputSizes(4)));
        return _loaders[^1];
    }

    private string[] Epochs(int threads, bool mixing = false)
    {
        var loader = Loader(threads, mixing);
        return [.. Enumerable.Range(0, 3).SelectMany(epoch => loader.Epoch(epoch, 0)).Select(Digest), .. loader.Validation().Select(pair => Digest(pair.Batch))];
    }

    private static string Digest(Batch batch)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var scope = NewDisposeScope();
        var (images, targets) = batch.ToTensors(CPU);
        hash.AppendData(images.contiguous().bytes);
        hash.AppendData(targets.contiguous().bytes);
        batch.Dispose();
        return $"{string.Join(' ', batch.Cases)} {Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
