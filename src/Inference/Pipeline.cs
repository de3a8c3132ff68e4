namespace Osteon.Inference;

/// <summary>
/// Work that comes in three steps, one item after the other: the next item is read, and the last one finished, while this one is computed. At most three
/// are in memory, however many there are.
/// </summary>
public static class Pipeline
{
    /// <summary>Runs all items; steps of one kind never run side by side and keep the items' order.</summary>
    /// <param name="count">Items.</param>
    /// <param name="read">Called on another thread.</param>
    /// <param name="compute">Called on this thread.</param>
    /// <param name="finish">Called on another thread; the last use of what was computed.</param>
    /// <param name="cancellation">Stops between items; what was computed is finished.</param>
    /// <param name="lean">The last item is finished before the next is computed: for computing that takes much longer than finishing, and much memory.</param>
    public static void Run<TRead, TComputed>(int count, Func<int, TRead> read, Func<int, TRead, TComputed> compute, Action<int, TComputed> finish, CancellationToken cancellation, bool lean = false)
    {
        var next = count > 0 ? Task.Run(() => read(0), CancellationToken.None) : null;
        var last = Task.CompletedTask;
        try
        {
            for (var i = 0; i < count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var item = next!.GetAwaiter().GetResult();
                var following = i + 1;
                next = following < count ? Task.Run(() => read(following), CancellationToken.None) : null;
                if (lean)
                {
                    last.GetAwaiter().GetResult();
                }

                var computed = compute(i, item);
                last.GetAwaiter().GetResult();
                var at = i;
                last = Task.Run(() => finish(at, computed), CancellationToken.None);
            }
        }
        finally
        {
            // Nothing of a failed run may go on behind the caller's back; what it threw is the caller's, or thrown already.
            Task.WhenAll(new[] { next, last }.OfType<Task>()).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Wait(CancellationToken.None);
        }

        last.GetAwaiter().GetResult();
    }
}
