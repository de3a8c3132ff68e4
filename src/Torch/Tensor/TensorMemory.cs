namespace Osteon.Torch;

/// <summary>
/// Counts of live tensors and the safety net under forgotten ones. The garbage collector sees only small wrappers, so native
/// memory that has grown by half, and by a quarter GiB at least, since the last look asks it to run.
/// </summary>
public static class TensorMemory
{
    private const long Slack = 256L << 20;
    private static long s_count, s_peak, s_bytes, s_mark = Slack;
    private static int s_collecting;

    /// <summary>Tensor wrappers that have not been disposed or finalised.</summary>
    public static long Count => Interlocked.Read(ref s_count);

    /// <summary>The most there have been at once.</summary>
    public static long PeakCount => Interlocked.Read(ref s_peak);

    /// <summary>Bytes of the storages that live wrappers were the first to hold, to the KiB.</summary>
    public static long Bytes => Interlocked.Read(ref s_bytes);

    internal static void Born(long bytes)
    {
        var count = Interlocked.Increment(ref s_count);
        for (var peak = PeakCount; count > peak; peak = PeakCount)
        {
            Interlocked.CompareExchange(ref s_peak, count, peak);
        }

        if (bytes > 0 && Interlocked.Add(ref s_bytes, bytes) > Volatile.Read(ref s_mark))
        {
            Reclaim();
        }
    }

    internal static void Died(long bytes)
    {
        Interlocked.Decrement(ref s_count);
        if (bytes > 0)
        {
            Interlocked.Add(ref s_bytes, -bytes);
        }
    }

    /// <summary>Collects wrappers that nobody holds, and waits for them. False when another thread is at it.</summary>
    internal static bool Reclaim()
    {
        if (Interlocked.Exchange(ref s_collecting, 1) != 0)
        {
            return false;
        }

        try
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var live = Bytes;
            Volatile.Write(ref s_mark, Math.Max(live + Slack, live + (live / 2)));
            return true;
        }
        finally
        {
            Volatile.Write(ref s_collecting, 0);
        }
    }
}
