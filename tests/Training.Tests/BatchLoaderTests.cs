using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Osteon.Abstractions;
using Osteon.Plugins.Augmentations.Basic;
using Osteon.Plugins.Augmentations.Intensity;
using Osteon.Training;

namespace Osteon.Training.Tests;

public sealed class BatchLoaderTests : IDisposable
{
    private readonly Discs _discs = new();

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

    public void Dispose() => _discs.Dispose();

    private BatchLoader Loader(int threads)
    {
        var job = _discs.Job();
        Augmentation[] augment = [new HorizontalFlip(new FlipOptions()), new RandomBrightnessContrast(new RandomBrightnessContrastOptions())];
        return new BatchLoader(job with { Augmentations = augment, Plan = job.Plan with { LoaderThreads = threads } }, new InputSizes(4));
    }

    private string[] Epochs(int threads)
    {
        var loader = Loader(threads);
        return [.. Enumerable.Range(0, 3).SelectMany(epoch => loader.Epoch(epoch, 0)).Select(Digest), .. loader.Validation().Select(pair => Digest(pair.Batch))];
    }

    private static string Digest(Batch batch)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(batch.Images.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(batch.Targets.AsSpan()));
        return $"{string.Join(' ', batch.Cases)} {Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
