namespace Osteon.Inference.Tests;

public sealed class PipelineTests
{
    [Fact]
    public void Keeps_the_order_and_holds_three_items_at_most()
    {
        var (open, most, gate) = (0, 0, new Lock());
        var finished = new List<int>();
        Pipeline.Run(
            50,
            i =>
            {
                lock (gate)
                {
                    most = Math.Max(most, ++open);
                }

                return i;
            },
            (i, read) => read * read,
            (i, square) =>
            {
                Assert.Equal(i * i, square);
                finished.Add(i);
                lock (gate)
                {
                    open--;
                }
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 50), finished);
        Assert.InRange(most, 1, 3);
    }

    [Theory]
    [InlineData("read")]
    [InlineData("compute")]
    [InlineData("finish")]
    public void Throws_what_a_step_throws_after_all_have_stopped(string step)
    {
        var running = 0;
        void Step(string name, int i)
        {
            Interlocked.Increment(ref running);
            try
            {
                if (name == step && i == 2)
                {
                    throw new InvalidDataException(name);
                }
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }

        var thrown = Assert.Throws<InvalidDataException>(() => Pipeline.Run(
            5,
            i =>
            {
                Step("read", i);
                return i;
            },
            (i, _) =>
            {
                Step("compute", i);
                return i;
            },
            (i, _) => Step("finish", i),
            CancellationToken.None));
        Assert.Equal(step, thrown.Message);
        Assert.Equal(0, running);
    }

    [Fact]
    public void Does_nothing_of_nothing() => Pipeline.Run<int, int>(0, _ => throw new InvalidOperationException(), (_, _) => 0, (_, _) => { }, CancellationToken.None);
}
