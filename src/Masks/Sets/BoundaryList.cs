using System.Buffers;
using System.Runtime.CompilerServices;

namespace Osteon.Masks;

/// <summary>
/// Ascending positions where a mask changes, in a rented buffer: the form all sweeps work on. Even entries open a run, odd
/// ones close it. Dispose gives the buffer back.
/// </summary>
internal sealed class BoundaryList(int capacity = 1024) : IDisposable
{
    private int[] _items = ArrayPool<int>.Shared.Rent(capacity);
    private int _count;

    public ReadOnlySpan<int> Items => _items.AsSpan(0, _count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int at)
    {
        if ((uint)_count >= (uint)_items.Length)
        {
            Grow();
        }

        _items[_count++] = at;
    }

    /// <summary>Two changes at one place are none: touching runs join, empty ones vanish.</summary>
    public void Toggle(int at)
    {
        if (_count > 0 && _items[_count - 1] == at)
        {
            _count--;
        }
        else
        {
            Add(at);
        }
    }

    /// <summary>Changes at each of the 64 pixels from <paramref name="at"/>; <paramref name="last"/> is the pixel before them, and after it their last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddWord(ulong pixels, int at, ref ulong last)
    {
        var changes = pixels ^ ((pixels << 1) | last);
        last = pixels >> 63;
        while (changes != 0)
        {
            Add(at + System.Numerics.BitOperations.TrailingZeroCount(changes));
            changes &= changes - 1;
        }
    }

    public Mask ToMask(Frame frame) => Mask.FromBoundaries(frame, Items);

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_items);
        _items = [];
        _count = 0;
    }

    private void Grow()
    {
        var larger = ArrayPool<int>.Shared.Rent(checked(_items.Length * 2));
        Items.CopyTo(larger);
        ArrayPool<int>.Shared.Return(_items);
        _items = larger;
    }
}
