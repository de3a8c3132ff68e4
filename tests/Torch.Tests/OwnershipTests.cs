using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch.Tests;

/// <summary>Who frees what, and that everything is freed.</summary>
public sealed class OwnershipTests
{
    public OwnershipTests() => Collect();                           // what earlier tests forgot is not to go while one counts

    [Fact]
    public void A_scope_frees_what_was_made_in_it()
    {
        var before = Tensor.TotalCount;
        Tensor inner;
        using (NewDisposeScope())
        {
            inner = rand(3) + (rand(3) * 2);
            Assert.Equal(before + 4, Tensor.TotalCount);
        }

        Assert.True(inner.IsInvalid);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void What_is_moved_out_belongs_to_the_scope_around()
    {
        Tensor kept;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                kept = ones(2).MoveToOuterDisposeScope();
            }

            Assert.False(kept.IsInvalid);
        }

        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void What_is_detached_belongs_to_the_caller()
    {
        Tensor kept;
        using (NewDisposeScope())
        {
            kept = ones(2).DetachFromDisposeScope();
        }

        Assert.Equal(2, kept.sum().DetachFromDisposeScope().item<double>());
        kept.Dispose();
    }

    [Fact]
    public void Parameters_outlive_the_scope_they_were_built_in()
    {
        Module<Tensor, Tensor> net;
        using (NewDisposeScope())
        {
            net = Sequential(Conv2d(1, 2, 3), BatchNorm2d(2));
        }

        var tensors = net.state_dict().Values;
        Assert.All(tensors, t => Assert.False(t.IsInvalid));
        net.Dispose();
        Assert.All(tensors, t => Assert.True(t.IsInvalid));
    }

    [Fact]
    public void A_forgotten_tensor_is_finalised()
    {
        Collect();
        var before = Tensor.TotalCount;
        Forget();
        Collect();
        Assert.Equal(before, Tensor.TotalCount);

        static void Forget()
        {
            var thread = new Thread(() => _ = rand(10) + rand(10));
            thread.Start();
            thread.Join();
        }
    }

    [Fact]
    public void Sequential_frees_what_lies_between_and_gradients_still_flow()
    {
        using var scope = NewDisposeScope();
        using var net = Sequential(Linear(4, 4), ReLU(true), Identity(), Sigmoid(), Linear(4, 1));
        var x = ones([3, 4]);
        var before = Tensor.TotalCount;
        var y = net.forward(x);
        Assert.Equal(before + 1, Tensor.TotalCount);
        y.sum().backward();
        Assert.All(net.parameters(), p => Assert.NotNull(p.grad));
    }

    [Fact]
    public void Hundreds_of_training_steps_leave_no_tensor_and_no_memory_behind()
    {
        using var net = SmallUNet.Filled();
        using var optimizer = optim.AdamW(net.parameters(), 1e-3);
        for (var i = 0; i < 100; i++)
        {
            net.Step(optimizer);
        }

        Collect();                                                  // what earlier tests forgot

        var (tensors, bytes, resident) = (Tensor.TotalCount, TensorMemory.Bytes, Resident());
        for (var i = 0; i < 300; i++)
        {
            net.Step(optimizer);
        }

        Assert.Equal(tensors, Tensor.TotalCount);
        Assert.Equal(bytes, TensorMemory.Bytes);
        Assert.InRange(Resident() - resident, long.MinValue, 24L << 20);

        static long Resident()
        {
            using var process = Process.GetCurrentProcess();
            return process.WorkingSet64;
        }
    }

    [Fact]
    public void Tensors_nobody_disposes_do_not_fill_the_memory()
    {
        Forget();                                                   // the mark that earlier tests left may be high; a look lowers it
        Assert.InRange(Forget(), 0, 700L << 20);

        static long Forget()
        {
            var highest = 0L;
            for (var i = 0; i < 1000; i++)
            {
                _ = empty([1 << 19]);                               // 2 MiB
                highest = Math.Max(highest, TensorMemory.Bytes);
            }

            return highest;
        }
    }

    [Fact]
    public void A_tensor_over_an_array_shares_its_memory()
    {
        var array = new float[6];
        using var t = frombuffer(array, float32);
        t.fill_(7);
        Assert.All(array, v => Assert.Equal(7f, v));
        array[4] = 1;
        Assert.Equal(1f, t.data<float>()[4]);
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
