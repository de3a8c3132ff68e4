using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Torch.Tests;

/// <summary>What CUDA's names do on a machine without a GPU; with one, that its allocator is told of.</summary>
public sealed class CudaTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Without_a_gpu_all_figures_are_nought_and_emptying_does_nothing()
    {
        Assert.SkipWhen(cuda.is_available(), "has a GPU");
        Assert.Equal(0, cuda.device_count());
        Assert.Equal([0, 0, 0, 0], [cuda.memory_allocated(), cuda.max_memory_allocated(), cuda.memory_reserved(), cuda.max_memory_reserved()]);
        cuda.reset_peak_memory_stats();
        cuda.empty_cache();
    }

    [Fact]
    public void Without_a_gpu_asking_for_one_is_an_error_that_names_it()
    {
        Assert.SkipWhen(cuda.is_available(), "has a GPU");
        Assert.Contains("cuda", Assert.Throws<TorchException>(() => ones(1).cuda()).Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("cuda:1", Assert.Throws<TorchException>(() => ones(1, device: device("cuda:1"))).Message, StringComparison.Ordinal);
        Assert.Contains("No CUDA GPUs are available", Assert.Throws<TorchException>(() => cuda.synchronize()).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ExternalException>(() => ones(1).pin_memory());
        Assert.False(ones(1).is_pinned());
    }

    [Fact]
    public void With_a_gpu_a_tensor_shows_in_the_figures()
    {
        Assert.SkipUnless(cuda.is_available(), "has no GPU");
        const long MiB = 1 << 20;
        var before = cuda.memory_allocated();
        var held = ones(MiB).pin_memory().to(CUDA, non_blocking: true);
        cuda.synchronize();
        Assert.InRange(cuda.memory_allocated(), before + (4 * MiB), long.MaxValue);
        Assert.InRange(cuda.memory_reserved(), cuda.memory_allocated(), long.MaxValue);
        held.Dispose();
        Assert.Equal(before, cuda.memory_allocated());
        Assert.InRange(cuda.max_memory_allocated(), before + (4 * MiB), long.MaxValue);
        cuda.reset_peak_memory_stats();
        Assert.Equal(before, cuda.max_memory_allocated());
        cuda.empty_cache();
    }

    [Theory]
    [InlineData("cpu", DeviceType.CPU, -1)]
    [InlineData("cuda", DeviceType.CUDA, -1)]
    [InlineData("cuda:0", DeviceType.CUDA, 0)]
    [InlineData("cuda:12", DeviceType.CUDA, 12)]
    public void A_device_is_read_from_its_name_and_written_as_it_was(string name, DeviceType type, int index)
    {
        var read = device(name);
        Assert.Equal((type, index, name), (read.type, read.index, read.ToString()));
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:1:2")]
    [InlineData("cuda:300")]
    public void Another_name_is_refused(string name) => Assert.Throws<ArgumentException>(() => device(name));
}
