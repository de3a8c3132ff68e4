using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch.Tests;

/// <summary>Many threads at once, each on tensors of its own; modes and scopes belong to their thread.</summary>
public sealed class ConcurrencyTests
{
    private const int Threads = 8;
    private const int Rounds = 25;

    public ConcurrencyTests()
    {
        GC.Collect();                                               // what earlier tests forgot is not to go while one counts
        GC.WaitForPendingFinalizers();
    }

    [Fact]
    public void Eight_threads_forward_and_backward_as_one_does()
    {
        var threads = get_num_threads();
        set_num_threads(1);
        try
        {
            var expected = Enumerable.Range(0, Threads).Select(Gradients).ToArray();
            var before = Settled();
            var found = OnThreads(thread => Enumerable.Range(0, Rounds).Select(_ => Gradients(thread)).ToArray());
            for (var thread = 0; thread < Threads; thread++)
            {
                Assert.All(found[thread], gradients => Assert.Equal(expected[thread], gradients));
            }

            // What earlier tests left to finalisers may go meanwhile.
            Assert.True(Tensor.TotalCount <= before);
        }
        finally
        {
            set_num_threads(threads);
        }

        static double[] Gradients(int thread)
        {
            using var scope = NewDisposeScope();
            using var net = SmallUNet.Filled();
            var image = Parity.Wave([1, 1, 16, 16], thread);
            functional.mse_loss(net.forward(image), zeros(1, 2, 16, 16)).backward();
            return [.. net.parameters().Select(p => p.grad!.@double().norm().item<double>())];
        }
    }

    [Fact]
    public void Gradient_mode_autocast_and_scope_are_each_threads_own()
    {
        using var gate = new Barrier(Threads);
        using var outer = NewDisposeScope();
        var here = outer.DisposablesCount;
        var found = OnThreads(thread =>
        {
            using var scope = NewDisposeScope();
            using IDisposable mode = thread % 2 == 0 ? no_grad() : enable_grad();
            using var cast = thread % 4 < 2 ? Autocast.Enter(DeviceType.CPU, ScalarType.BFloat16) : null;
            using var weight = ones([4, 4], requires_grad: true);
            gate.SignalAndWait(TestContext.Current.CancellationToken);                  // all modes are set before any is used
            var result = weight.matmul(ones([4, 4]));
            gate.SignalAndWait(TestContext.Current.CancellationToken);                  // all are used before any is left
            return (result.requires_grad, result.dtype, scope.DisposablesCount);
        });
        for (var thread = 0; thread < Threads; thread++)
        {
            Assert.Equal((thread % 2 == 1, thread % 4 < 2 ? ScalarType.BFloat16 : ScalarType.Float32, 3), found[thread]);
        }

        Assert.True(is_grad_enabled());
        Assert.Equal(here, outer.DisposablesCount);
    }

    [Fact]
    public void Backward_may_run_on_another_thread_than_forward()
    {
        using var scope = NewDisposeScope();
        var x = full([3], 2, ScalarType.Float32, requires_grad: true);
        var y = (x * x * x).sum();
        OnThreads(thread =>
        {
            if (thread == 0)
            {
                y.backward();
            }

            return 0;
        });
        Assert.Equal([12f, 12f, 12f], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void One_tensor_disposed_by_many_threads_is_freed_once()
    {
        for (var round = 0; round < 200; round++)
        {
            var before = Settled();
            var tensor = ones(8);
            using var gate = new Barrier(Threads);
            OnThreads(_ =>
            {
                gate.SignalAndWait(TestContext.Current.CancellationToken);
                tensor.Dispose();
                return 0;
            });
            Assert.Equal(before, Tensor.TotalCount);
        }
    }

    [Fact]
    public void A_mode_closed_on_another_thread_is_refused_and_stays_on_its_own()
    {
        using var mode = no_grad();
        var errors = OnThreads(_ => Assert.Throws<InvalidOperationException>(mode.Dispose).Message);
        Assert.All(errors, message => Assert.Contains("no await may lie between", message, StringComparison.Ordinal));
        Assert.False(is_grad_enabled());
    }

    [Fact]
    public void A_scope_closed_on_another_thread_or_before_an_inner_one_takes_no_more_tensors()
    {
        using var outer = NewDisposeScope();
        var closedElsewhere = NewDisposeScope();
        OnThreads(thread =>
        {
            if (thread == 0)
            {
                closedElsewhere.Dispose();
            }

            return 0;
        });
        _ = ones(1);
        Assert.Equal(1, outer.DisposablesCount);

        var first = NewDisposeScope();
        var inner = NewDisposeScope();
        first.Dispose();
        inner.Dispose();
        _ = ones(1);
        Assert.Equal(2, outer.DisposablesCount);
    }

    private static T[] OnThreads<T>(Func<int, T> work)
    {
        var results = new T[Threads];
        var failures = new Exception?[Threads];
        var threads = Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            try
            {
                results[i] = work(i);
            }
            catch (Exception e)
            {
                failures[i] = e;
            }
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.All(failures, Assert.Null);
        return results;
    }

    /// <summary>Live tensors when those that other tests left behind are gone; else they would go between two counts.</summary>
    private static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}
