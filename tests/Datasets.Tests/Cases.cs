using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Datasets.Tests;

/// <summary>Cases made for tests.</summary>
internal static class Cases
{
    public static StoredCase Make(string id, string patient, Subset subset = Subset.Train, bool labelled = true) =>
        new(new CaseSource(id, patient, subset, $"images/{id}.png", labelled ? $"labels/{id}.png" : null), new Frame(20, 30), new Frame(10, 15), labelled);

    /// <summary>A case whose bytes are drawn from its id: image, words and a truth that is not their enlargement.</summary>
    public static (Image Image, LabelMap Labels, Mask[] Truth) Content(StoredCase c, int classes, int bytesPerPixel = 1)
    {
        var random = RandomStream.For(7, c.Id);
        var image = new Image(c.Stored, bytesPerPixel);
        var labels = new LabelMap(c.Stored, classes);
        Fill(ref random, image.Bytes);
        Fill(ref random, labels.Bytes);
        var truth = new Mask[classes];
        for (var k = 0; k < classes; k++)
        {
            var runs = new List<Run>();
            for (var start = random.NextInt(40); start < c.Original.Area; start += 2 + random.NextInt(300))
            {
                var length = Math.Min(1 + random.NextInt(200), c.Original.Area - start);
                runs.Add(new Run(start, length));
                start += length;
            }

            truth[k] = new Mask(c.Original, k % 5 == 3 ? [] : [.. runs]);
        }

        return (image, labels, truth);
    }

    private static void Fill(ref RandomStream random, Span<byte> bytes)
    {
        foreach (ref var b in bytes)
        {
            b = (byte)random.NextInt(256);
        }
    }
}
