using System.Numerics;
using System.Runtime.InteropServices;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;

namespace Osteon.Training;

/// <summary>Stacks samples into float planes: images normalised and repeated over channels, label words unfolded into 0 and 1.</summary>
public static class Collation
{
    /// <summary>Pads with 0 to the smallest common size that the network takes; targets to that of its logits.</summary>
    /// <param name="samples">At least one.</param>
    /// <param name="cases">Their ids.</param>
    /// <param name="channels">Image channels.</param>
    /// <param name="sizes">What the network takes.</param>
    /// <param name="normalize">ZScore or Fixed; null is ZScore.</param>
    /// <exception cref="ConfigurationException">The planes are more than an array holds.</exception>
    public static Batch Stack(IReadOnlyList<Sample> samples, IReadOnlyList<string> cases, int channels, InputSizes sizes, NormalizeOptions? normalize = null)
    {
        var frame = sizes.For(new Frame(samples.Max(s => s.Image.Frame.Height), samples.Max(s => s.Image.Frame.Width)));
        var logits = sizes.Logits(frame);
        var classes = samples[0].Labels.Classes;
        if ((long)samples.Count * Math.Max(channels, classes) * frame.Area > Array.MaxLength)
        {
            throw new ConfigurationException(
                $"A batch of {samples.Count} samples, {classes} classes and {frame} pixels has more than {Array.MaxLength} numbers. Lower train.batch_size or convert.size, or set train.crop.");
        }

        var images = new float[(long)samples.Count * channels * frame.Area];
        var targets = new float[(long)samples.Count * classes * logits.Area];
        for (var n = 0; n < samples.Count; n++)
        {
            NetworkInput.Write(samples[n].Image, frame, channels, images.AsSpan(n * channels * frame.Area, channels * frame.Area), sizes.Margin, normalize);
            PutLabels(samples[n].Labels, logits, targets.AsSpan(n * classes * logits.Area, classes * logits.Area));
        }

        return new Batch(samples.Count, channels, classes, frame, logits, images, targets, cases);
    }

    private static void PutLabels(LabelMap labels, Frame frame, Span<float> planes)
    {
        switch (labels.WordBytes)
        {
            case 1: Unfold<byte>(labels, frame, planes); break;
            case 2: Unfold<ushort>(labels, frame, planes); break;
            case 4: Unfold<uint>(labels, frame, planes); break;
            default: Unfold<ulong>(labels, frame, planes); break;
        }
    }

    // Most words are 0: a pixel costs one comparison, and a set bit one store.
    private static void Unfold<T>(LabelMap labels, Frame frame, Span<float> planes) where T : unmanaged, IBinaryInteger<T>
    {
        ReadOnlySpan<T> words = MemoryMarshal.Cast<byte, T>(labels.Bytes);
        for (var row = 0; row < labels.Frame.Height; row++)
        {
            var line = words.Slice(row * labels.Frame.Width, labels.Frame.Width);
            for (var at = line.IndexOfAnyExcept(T.Zero); at >= 0;)
            {
                for (var bits = ulong.CreateTruncating(line[at]); bits != 0; bits &= bits - 1)
                {
                    planes[(BitOperations.TrailingZeroCount(bits) * frame.Area) + (row * frame.Width) + at] = 1;
                }

                var next = line[(at + 1)..].IndexOfAnyExcept(T.Zero);
                at = next < 0 ? -1 : at + 1 + next;
            }
        }
    }
}
