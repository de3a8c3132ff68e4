using System.Runtime.InteropServices;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>Stacks samples: their bytes beside each other, and the numbers that normalise each.</summary>
public static class Collation
{
    /// <summary>Samples of one batch, in memory of its own.</summary>
    /// <param name="samples">At least one.</param>
    /// <param name="cases">Their ids.</param>
    /// <param name="channels">Image channels.</param>
    /// <param name="sizes">What the network takes.</param>
    /// <param name="normalize">ZScore, MinMax, Percentile or Fixed; null is ZScore.</param>
    /// <exception cref="ConfigurationException">The planes are more than an array holds.</exception>
    public static Batch Stack(IReadOnlyList<Sample> samples, IReadOnlyList<string> cases, int channels, InputSizes sizes, NormalizeOptions? normalize = null)
    {
        var buffer = new BatchBuffer(pinned: false);
        return Stack(samples, cases, channels, sizes, normalize, buffer, _ => buffer.Dispose());
    }

    /// <summary>Samples of one batch in memory that is lent to it.</summary>
    internal static Batch Stack(
        IReadOnlyList<Sample> samples, IReadOnlyList<string> cases, int channels, InputSizes sizes, NormalizeOptions? normalize, BatchBuffer buffer, Action<Batch> done)
    {
        var stacked = new Frame(samples.Max(s => s.Image.Frame.Height), samples.Max(s => s.Image.Frame.Width));
        var frame = sizes.For(stacked);
        var logits = sizes.Logits(frame);
        var classes = samples[0].Labels.Classes;
        if ((long)samples.Count * Math.Max(channels, classes) * frame.Area > Array.MaxLength)
        {
            throw new ConfigurationException(
                $"A batch of {samples.Count} samples, {classes} classes and {frame} pixels has more than {Array.MaxLength} numbers. Lower train.batch_size or convert.size, or set train.crop.");
        }

        var depth = samples.Max(s => s.Image.BytesPerPixel);
        var wordBytes = samples[0].Labels.WordBytes;
        var pixels = (long)samples.Count * stacked.Area;
        var images = buffer.Images.Take(pixels, depth == 1 ? ScalarType.Byte : ScalarType.Int16);
        var labels = buffer.Labels.Take(pixels, WordType(wordBytes));
        var seconds = samples.Any(s => s.Second is not null) ? buffer.Seconds.Take(pixels, WordType(wordBytes)) : [];
        var facts = new BatchSample[samples.Count];
        for (var n = 0; n < samples.Count; n++)
        {
            var (sample, own) = (samples[n], samples[n].Image.Frame);
            facts[n] = new BatchSample(cases.Count > n ? cases[n] : string.Empty, own, Normalization.Lines(sample.Image, channels, normalize), (float)sample.SecondShare);
            var image = images.Slice(n * stacked.Area * depth, stacked.Area * depth);
            if (sample.Image.BytesPerPixel == depth)
            {
                Put(sample.Image.Bytes, own, depth, image, stacked);
            }
            else
            {
                Widen(sample.Image.Bytes, own, MemoryMarshal.Cast<byte, ushort>(image), stacked);
            }

            Put(sample.Labels.Bytes, own, wordBytes, labels.Slice(n * stacked.Area * wordBytes, stacked.Area * wordBytes), stacked);
            if (!seconds.IsEmpty)
            {
                var second = seconds.Slice(n * stacked.Area * wordBytes, stacked.Area * wordBytes);
                if (sample.Second is null)
                {
                    second.Clear();
                }
                else
                {
                    Put(sample.Second.Bytes, own, wordBytes, second, stacked);
                }
            }
        }

        return new Batch(buffer, facts, stacked, channels, classes, frame, logits, sizes.Margin, done);
    }

    private static ScalarType WordType(int bytes) => bytes switch { 1 => ScalarType.Byte, 2 => ScalarType.Int16, 4 => ScalarType.Int32, _ => ScalarType.Int64 };

    private static void Put(ReadOnlySpan<byte> from, Frame own, int size, Span<byte> to, Frame stacked)
    {
        if (own == stacked)
        {
            from.CopyTo(to);
            return;
        }

        to.Clear();
        for (var row = 0; row < own.Height; row++)
        {
            from.Slice(row * own.Width * size, own.Width * size).CopyTo(to[(row * stacked.Width * size)..]);
        }
    }

    private static void Widen(ReadOnlySpan<byte> from, Frame own, Span<ushort> to, Frame stacked)
    {
        to.Clear();
        for (var row = 0; row < own.Height; row++)
        {
            for (var column = 0; column < own.Width; column++)
            {
                to[(row * stacked.Width) + column] = from[(row * own.Width) + column];
            }
        }
    }
}
