using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Testing;

namespace Osteon.Inference.Tests;

public sealed class ThresholdedMasksTests : IDisposable
{
    private static readonly Frame Small = new(12, 15), Large = new(40, 37);
    private static readonly IReadOnlyList<double> Candidates = ThresholdTuning.Candidates(0.42);

    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-thresholds-").FullName;

    [Fact]
    public void Every_threshold_gives_the_mask_that_its_logits_gave()
    {
        var path = Path.Combine(_folder, "a.masks");
        ThresholdedMasks.Of(Judged()).Save(path);
        var read = ThresholdedMasks.Load(path);
        for (var k = 0; k < 3; k++)
        {
            Assert.Equal(Judged()[k], Candidates.Select((_, i) => read.At(k, i)));
        }

        Assert.Equal(20, Candidates.Count);
        Assert.True(read.At(0, 0).Area > read.At(0, 19).Area && !read.At(0, 19).IsEmpty);
        Assert.True(read.At(2, 0).IsEmpty);
    }

    [Fact]
    public void Probabilities_are_no_masks()
    {
        var path = Path.Combine(_folder, "a.masks");
        PackedPlanes.Of(Small, 1, _ => new byte[Small.Area]).Save(path, "OSTPROB1"u8);
        Assert.Contains("damaged", Assert.Throws<DataException>(() => ThresholdedMasks.Load(path)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The third class is nowhere.
    private static Mask[][] Judged()
    {
        var random = new RandomStream(11);
        var scaling = new LinearScaling(Small, Large);
        return [.. new[] { 4f, 1f, 0f }.Select((spread, k) =>
        {
            float[] logits = [.. Enumerable.Range(0, Small.Area).Select(_ => k == 2 ? -9f : (float)((random.NextDouble() - 0.5) * 2 * spread))];
            return Candidates.Select(t => scaling.Above(logits, Predictor.LogitOf(t))).ToArray();
        })];
    }
}
