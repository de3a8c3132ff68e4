using Osteon.Abstractions;
using Xunit;

namespace Osteon.Tracking.Tests;

public sealed class BackgroundWriterTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    [Fact]
    public void Flush_is_not_answered_by_an_attempt_that_began_before_it()
    {
        using var sink = new BrokenOnceSink();
        using var writer = new BackgroundWriter(sink, "the store", _ => { });
        Assert.True(sink.Entered.Wait(Long, TestContext.Current.CancellationToken));
        writer.Append(new EndEvent("run", RunStatus.Finished, 0));
        using var release = new Timer(_ => sink.Release.Set(), null, TimeSpan.FromSeconds(0.2), Timeout.InfiniteTimeSpan);

        Assert.True(writer.Flush(Long));
        Assert.Equal(1, sink.Written);
    }

    /// <summary>Its first attempt waits until it is released, then fails; later ones succeed.</summary>
    private sealed class BrokenOnceSink : IRunEventSink
    {
        private bool _failed;

        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public int Written { get; private set; }

        public void Write(IReadOnlyList<RunEvent> batch)
        {
            if (!_failed)
            {
                _failed = true;
                Entered.Set();
                Assert.True(Release.Wait(Long));
                throw new IOException("away");
            }

            Written += batch.Count;
        }

        public void Dispose()
        {
            Entered.Dispose();
            Release.Dispose();
        }
    }
}
