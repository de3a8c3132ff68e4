using System.Buffers;
using System.Diagnostics;
using Osteon.Masks;

namespace Osteon.Voting;

/// <summary>What one image's 29 masks cost, on one thread.</summary>
internal static class MaskTimings
{
    public static void Print()
    {
        var masks = Enumerable.Range(0, 29).Select(k => SyntheticSubmissions.Draw(k, 0)).ToArray();
        var others = Enumerable.Range(0, 29).Select(k => SyntheticSubmissions.Draw(k, 1)).ToArray();
        var texts = masks.Select(m => Rle.Encode(m, RleConvention.HandBone)).Select(System.Text.Encoding.ASCII.GetBytes).ToArray();
        var dense = masks[0].ToDense();
        var logits = Array.ConvertAll(dense, v => v - 0.5f);
        var map = LabelMap.FromMasks(masks);
        var otherMap = LabelMap.FromMasks(others);
        var output = new ArrayBufferWriter<byte>(1 << 16);

        Time("Dice of 29 pairs of runs, 2048²", 1, () =>
        {
            for (var k = 0; k < 29; k++)
            {
                MaskMetrics.Dice(masks[k], others[k]);
            }
        });
        Time("HD95 of 29 pairs of runs", 29, () =>
        {
            for (var k = 0; k < 29; k++)
            {
                SurfaceDistances.Between(masks[k], others[k], Spacing.Pixels).Hausdorff(95);
            }
        });
        Time("pixel counts of two 2048² label maps", 1, () => PixelTally.OfMaps(map, otherMap));
        Time("runs to RLE text, row order", 29, () => Each(masks, m => Rle.Encode(m, RleConvention.HandBone, Cleared(output))));
        Time("runs to RLE text, column order", 29, () => Each(masks, m => Rle.Encode(m, RleConvention.Kaggle, Cleared(output))));
        Time("RLE text to runs", 29, () => Each(texts, t => Rle.Decode(t, RleConvention.HandBone, SyntheticSubmissions.Frame)));
        Time("RLE text to dense 2048²", 29, () => Each(texts, t => Rle.Decode(t, RleConvention.HandBone, SyntheticSubmissions.Frame).Fill(Zeroed(dense))));
        Time("dense 2048² to RLE text", 1, () => Rle.Encode(Mask.FromDense(dense, SyntheticSubmissions.Frame), RleConvention.HandBone, Cleared(output)));
        Time("2048² logits to runs", 1, () => Mask.FromThreshold(logits, SyntheticSubmissions.Frame, 0));
        Time("2048² label map to one class's runs", 1, () => map.ToMask(7));
        Time("2048² label map to 29 classes' runs", 1, () => map.ToMasks());
        Time("29 classes' runs into a 2048² label map", 1, () =>
        {
            for (var k = 0; k < 29; k++)
            {
                map.Add(masks[k], k);
            }
        });
    }

    private static void Each<T>(T[] items, Action<T> action) => Array.ForEach(items, action);

    private static ArrayBufferWriter<byte> Cleared(ArrayBufferWriter<byte> output)
    {
        output.ResetWrittenCount();
        return output;
    }

    private static byte[] Zeroed(byte[] pixels)
    {
        Array.Clear(pixels);
        return pixels;
    }

    private static void Time(string name, int items, Action work)
    {
        // Warm until the JIT has settled, then take the median of many short samples: other work on the machine only adds time.
        for (var warm = Stopwatch.StartNew(); warm.ElapsedMilliseconds < 300;)
        {
            work();
        }

        var samples = new List<double>();
        for (var clock = Stopwatch.StartNew(); clock.ElapsedMilliseconds < 700;)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            samples.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / items);
        }

        samples.Sort();
        var median = samples[samples.Count / 2];
        Console.WriteLine($"{name,-42} {median,9:F1} µs {1e6 / median,12:N0} /s");
    }
}
