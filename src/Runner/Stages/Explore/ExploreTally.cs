using System.Numerics;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>What is summed over all cases: whole numbers, so that the order in which threads add changes nothing.</summary>
internal sealed class ExploreTally(int classes)
{
    public const int MeanSide = 256, HeatSide = 64;

    private readonly long[] _brightness = new long[MeanSide * MeanSide];
    private readonly int[,] _heat = new int[classes, HeatSide * HeatSide];
    private readonly long[,] _shared = new long[classes, classes];
    private readonly int[,] _together = new int[classes, classes];
    private readonly Lock _lock = new();
    private long _pixels, _overlapping;
    private int _images, _labelled;

    /// <summary>Adds a case; from any thread.</summary>
    public void Add(CaseStore store, StoredCase stored)
    {
        if (!stored.Labelled)
        {
            var bare = Small(store.ReadImage(stored));
            lock (_lock)
            {
                AddImage(bare);
            }

            return;
        }

        var sample = store.Read(stored);
        var (small, labels) = (Small(sample.Image), sample.Labels);
        var heat = Resize.Nearest(labels, new Frame(HeatSide, HeatSide));
        var shared = new long[classes, classes];
        var overlapping = Count(labels, shared);
        lock (_lock)
        {
            AddImage(small);
            _labelled++;
            _pixels += labels.Frame.Area;
            _overlapping += overlapping;
            for (var k = 0; k < classes; k++)
            {
                foreach (var run in heat.ToMask(k).Runs)
                {
                    for (var i = run.Start; i < run.End; i++)
                    {
                        _heat[k, i]++;
                    }
                }

                for (var j = 0; j < classes; j++)
                {
                    _shared[k, j] += shared[k, j];
                    _together[k, j] += shared[k, k] > 0 && shared[j, j] > 0 ? 1 : 0;
                }
            }
        }
    }

    /// <summary>Share of the pixels of labelled cases that have two classes or more.</summary>
    public double Overlapping => _pixels == 0 ? 0 : (double)_overlapping / _pixels;

    /// <summary>The mean of all images, 8 bit.</summary>
    public Image Mean => new(new Frame(MeanSide, MeanSide), 1, [.. _brightness.Select(b => (byte)Math.Min(255, (b / Math.Max(1, _images)) >> 8))]);

    /// <summary>How often each cell has a class, 255 for always.</summary>
    public byte[][] Heat => [.. Enumerable.Range(0, classes).Select(k => Enumerable.Range(0, HeatSide * HeatSide).Select(i => (byte)(255L * _heat[k, i] / Math.Max(1, _labelled))).ToArray())];

    /// <summary>Cases that have both classes.</summary>
    public int[][] Together => [.. Enumerable.Range(0, classes).Select(i => Enumerable.Range(0, classes).Select(j => _together[i, j]).ToArray())];

    /// <summary>Pixels of both classes over pixels of either.</summary>
    public double[][] IoU => [.. Enumerable.Range(0, classes).Select(i => Enumerable.Range(0, classes).Select(j =>
        _shared[i, i] + _shared[j, j] - _shared[i, j] is > 0 and var either ? (double)_shared[i, j] / either : 0).ToArray())];

    private static Image Small(Image image) => Resize.Area(image, new Frame(MeanSide, MeanSide));

    private void AddImage(Image small)
    {
        _images++;
        for (var i = 0; i < _brightness.Length; i++)
        {
            _brightness[i] += small.BytesPerPixel == 1 ? small.Pixels<byte>()[i] * 257 : small.Pixels<ushort>()[i];
        }
    }

    private static long Count(LabelMap labels, long[,] shared) => labels.WordBytes switch
    {
        1 => Count<byte>(labels.Words<byte>(), shared),
        2 => Count<ushort>(labels.Words<ushort>(), shared),
        4 => Count<uint>(labels.Words<uint>(), shared),
        _ => Count<ulong>(labels.Words<ulong>(), shared),
    };

    // shared[i, j]: pixels of both; on the diagonal, of the class.
    private static long Count<T>(ReadOnlySpan<T> words, long[,] shared) where T : unmanaged, IBinaryInteger<T>
    {
        var overlapping = 0L;
        for (var i = 0; i < words.Length;)
        {
            var value = words[i];
            var next = i + 1;
            while (next < words.Length && words[next] == value)
            {
                next++;
            }

            var (word, length) = (ulong.CreateTruncating(value), next - i);
            i = next;
            overlapping += BitOperations.PopCount(word) > 1 ? length : 0;
            for (var a = word; a != 0; a &= a - 1)
            {
                for (var b = word; b != 0; b &= b - 1)
                {
                    shared[BitOperations.TrailingZeroCount(a), BitOperations.TrailingZeroCount(b)] += length;
                }
            }
        }

        return overlapping;
    }
}
