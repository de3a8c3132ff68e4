using static TorchSharp.torch;

namespace Osteon.Inference;

/// <summary>The pixels of a resized axis that a window of it reaches, and what of each comes from the window: bilinear, pixel centres at half, edges repeated.</summary>
internal sealed class WindowReach
{
    private readonly long[] _before, _after;
    private readonly float[] _beforeShares, _afterShares;

    /// <summary>Finds them.</summary>
    /// <param name="from">Pixels of the axis that the window lies on.</param>
    /// <param name="to">Pixels of the axis when it is resized.</param>
    /// <param name="start">The window's first pixel.</param>
    /// <param name="length">Its pixels.</param>
    public WindowReach(int from, int to, int start, int length)
    {
        var scale = (double)from / to;
        (int Before, int After, double Share)[] places =
        [
            .. Enumerable.Range(0, to).Select(i =>
            {
                var at = Math.Max(((i + 0.5) * scale) - 0.5, 0);
                var before = Math.Min((int)at, from - 1);
                return (before, Math.Min(before + 1, from - 1), at - before);
            }),
        ];
        First = Array.FindIndex(places, p => p.After >= start);
        Count = Array.FindLastIndex(places, p => p.Before < start + length) + 1 - First;
        var reached = places.AsSpan(First, Count).ToArray();
        _before = [.. reached.Select(p => (long)Math.Clamp(p.Before - start, 0, length - 1))];
        _after = [.. reached.Select(p => (long)Math.Clamp(p.After - start, 0, length - 1))];
        _beforeShares = [.. reached.Select(p => Holds(p.Before) ? (float)(1 - p.Share) : 0)];
        _afterShares = [.. reached.Select(p => Holds(p.After) ? (float)p.Share : 0)];

        bool Holds(int pixel) => pixel >= start && pixel < start + length;
    }

    /// <summary>The first of them.</summary>
    public int First { get; }

    /// <summary>How many.</summary>
    public int Count { get; }

    /// <summary>What of them comes from the window.</summary>
    /// <param name="window">(K, h, w).</param>
    /// <param name="axis">1 or 2; as long as the window.</param>
    public Tensor Resize(Tensor window, int axis)
    {
        long[] shape = axis == 1 ? [1, Count, 1] : [1, 1, Count];
        var before = window.index_select(axis, tensor(_before, device: window.device)).mul_(tensor(_beforeShares, shape, device: window.device));
        return before.add_(window.index_select(axis, tensor(_after, device: window.device)).mul_(tensor(_afterShares, shape, device: window.device)));
    }
}
