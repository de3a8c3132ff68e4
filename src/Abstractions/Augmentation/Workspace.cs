using System.Numerics;
using System.Runtime.InteropServices;
using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>
/// Memory for the samples that one thread works on: lent out unwritten, and taken back all at once, so that a loader that runs for hours
/// allocates only in its first batch. Not safe for several threads.
/// </summary>
public sealed class Workspace
{
    private readonly Stack<byte[]>[] _free = [.. Enumerable.Range(0, 32).Select(_ => new Stack<byte[]>())];
    private readonly List<(object? Owner, byte[] Bytes)> _lent = [];

    /// <summary>An image with whatever pixels were there before.</summary>
    public Image Image(Frame frame, int bytesPerPixel)
    {
        var bytes = Lend(checked((long)frame.Height * frame.Width * bytesPerPixel));
        var image = Abstractions.Image.Over(frame, bytesPerPixel, bytes);
        _lent.Add((image, bytes));
        return image;
    }

    /// <summary>A label map with whatever words were there before.</summary>
    public LabelMap Labels(Frame frame, int classes)
    {
        var bytes = Lend(checked((long)frame.Height * frame.Width * LabelMap.WordBytesFor(classes)));
        var labels = LabelMap.Over(frame, classes, bytes);
        _lent.Add((labels, bytes));
        return labels;
    }

    /// <summary>Numbers, whatever they were before; taken back at the end of the step at the latest.</summary>
    public Span<T> Numbers<T>(int count) where T : unmanaged
    {
        var length = (long)count * Marshal.SizeOf<T>();
        var bytes = Lend(length);
        _lent.Add((null, bytes));
        return MemoryMarshal.Cast<byte, T>(bytes.AsSpan(0, (int)length));
    }

    /// <summary>Takes back all that was lent but this sample's own.</summary>
    public void Keep(Sample sample)
    {
        var kept = 0;
        for (var i = 0; i < _lent.Count; i++)
        {
            var loan = _lent[i];
            if (loan.Owner is not null && (loan.Owner == sample.Image || loan.Owner == sample.Labels || loan.Owner == sample.Second))
            {
                _lent[kept++] = loan;
            }
            else
            {
                _free[Bucket(loan.Bytes.Length)].Push(loan.Bytes);
            }
        }

        _lent.RemoveRange(kept, _lent.Count - kept);
    }

    /// <summary>Takes back all that was lent; nothing of it may be used any more.</summary>
    public void Reset()
    {
        foreach (var (_, bytes) in _lent)
        {
            _free[Bucket(bytes.Length)].Push(bytes);
        }

        _lent.Clear();
    }

    private byte[] Lend(long length)
    {
        if (length > Array.MaxLength)
        {
            throw new ConfigurationException($"A sample of {length} bytes is more than an array holds. Augment smaller images.");
        }

        var bucket = Bucket((int)length);
        return _free[bucket].TryPop(out var bytes) ? bytes : GC.AllocateUninitializedArray<byte>((int)Math.Min(Array.MaxLength, 1L << bucket));
    }

    // The power of two that holds a length.
    private static int Bucket(int length) => length <= 64 ? 6 : 32 - BitOperations.LeadingZeroCount((uint)length - 1);
}
