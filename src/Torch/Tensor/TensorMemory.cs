using Osteon.Torch.Interop;

namespace Osteon.Torch;

/// <summary>
/// Counts of live tensors and the safety net under forgotten ones. The garbage collector sees only small wrappers, so native
/// memory that has grown by half, and by a quarter GiB at least, since the last look asks it to run.
/// <see cref="TensorTrace"/> tells where they were made.
/// </summary>
public static class TensorMemory
{
    private const long Slack = 256L << 20;
    private static readonly Lock s_collecting = new();
    private static long s_count, s_peak, s_bytes, s_forgotten, s_mark = Slack;

    /// <summary>Tensor wrappers that have not been disposed or finalised.</summary>
    public static long Count => Interlocked.Read(ref s_count);

    /// <summary>The most there have been at once.</summary>
    public static long PeakCount => Interlocked.Read(ref s_peak);

    /// <summary>Bytes of the storages that live wrappers were the first to hold, to the KiB.</summary>
    public static long Bytes => Interlocked.Read(ref s_bytes);

    /// <summary>Tensors that nobody disposed and the finaliser freed.</summary>
    public static long ForgottenCount => Interlocked.Read(ref s_forgotten);

    /// <summary>Counts a tensor in.</summary>
    /// <returns>What <see cref="Died"/> asks for: the KiB, or below 0 the number under which it is traced.</returns>
    internal static int Born(int kibibytes)
    {
        var count = Interlocked.Increment(ref s_count);
        for (var peak = PeakCount; count > peak; peak = PeakCount)
        {
            Interlocked.CompareExchange(ref s_peak, count, peak);
        }

        if (kibibytes > 0 && Interlocked.Add(ref s_bytes, (long)kibibytes << 10) > Volatile.Read(ref s_mark))
        {
            Reclaim();
        }

        return TensorTrace.Enabled ? TensorTrace.Note(kibibytes) : kibibytes;
    }

    /// <summary>Counts a tensor out.</summary>
    /// <param name="account">What <see cref="Born"/> returned.</param>
    /// <param name="forgotten">Whether the finaliser did it.</param>
    internal static void Died(int account, bool forgotten)
    {
        Interlocked.Decrement(ref s_count);
        if (forgotten)
        {
            Interlocked.Increment(ref s_forgotten);
        }

        var kibibytes = account >= 0 ? account : TensorTrace.Close(account, forgotten);
        if (kibibytes > 0)
        {
            Interlocked.Add(ref s_bytes, -((long)kibibytes << 10));
        }
    }

    /// <summary>The KiB of a live tensor.</summary>
    internal static int KibibytesOf(int account) => account >= 0 ? account : TensorTrace.KibibytesOf(account);

    /// <summary>Collects wrappers that nobody holds and gives unused GPU memory back: all that can be done when memory has run out.</summary>
    internal static void Relieve()
    {
        lock (s_collecting)
        {
            Collect();
        }

        _ = NativeMethods.osteon_cuda_empty_cache();
    }

    private static void Reclaim()
    {
        // Another thread that is at it does it for this one too.
        if (s_collecting.TryEnter())
        {
            try
            {
                Collect();
            }
            finally
            {
                s_collecting.Exit();
            }
        }
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var live = Bytes;
        Volatile.Write(ref s_mark, Math.Max(live + Slack, live + (live / 2)));
    }
}
