using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch.Tests;

/// <summary>That training for long takes no more memory than training for a while.</summary>
public sealed class MemoryTests
{
    private const int Steps = 10_000;

    [Fact]
    public void Ten_thousand_steps_leave_the_resident_memory_where_it_was()
    {
        using var net = Sequential(Conv2d(1, 4, 3, padding: 1), BatchNorm2d(4), ReLU(true), Conv2d(4, 1, 1));
        using var optimizer = optim.AdamW(net.parameters(), 1e-3);
        var schedule = optim.lr_scheduler.OneCycleLR(optimizer, 1e-3, total_steps: Steps + 1000);
        using var image = Parity.Wave([1, 1, 8, 8]);
        Train(1000);
        Collect();                                                  // what earlier tests forgot
        var (tensors, bytes, resident) = (Tensor.TotalCount, TensorMemory.Bytes, Resident());
        for (var i = 0; i < 20; i++)
        {
            Train(Steps / 20);
            Assert.Equal(tensors, Tensor.TotalCount);
            Assert.Equal(bytes, TensorMemory.Bytes);
            Collect();                                              // wrappers' own 3 KiB a step, which wait for the collector
        }

        // One leaked 8 × 8 map of four channels a step would be 10 MiB in data alone, and its graph nodes as much again.
        Assert.InRange(Resident() - resident, long.MinValue, 8L << 20);

        void Train(int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                Step();
            }
        }

        void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            functional.mse_loss(net.forward(image), image).backward();
            optimizer.step();
            schedule.step();
        }
    }

    private static long Resident()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
