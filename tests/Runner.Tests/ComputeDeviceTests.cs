using Osteon.Abstractions;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Runner.Tests;

/// <summary>What <c>--device</c> means.</summary>
public sealed class ComputeDeviceTests
{
    [Theory]
    [InlineData("cpu", "cpu", "cpu")]
    [InlineData("cuda", "cuda:0", "cuda")]
    [InlineData("cuda:1", "cuda:1", "cuda")]
    public void A_key_knows_the_kind_and_not_which_of_a_machines_devices(string asked, string name, string kind)
    {
        var device = ComputeDevice.Of(asked);
        Assert.Equal((name, kind), (device.Name, device.Kind));
    }

    [Fact]
    public void Auto_is_a_gpu_where_there_is_one() =>
        Assert.Equal(cuda.is_available() ? "cuda:0" : "cpu", ComputeDevice.Of("auto").Name);

    [Fact]
    public void The_processor_is_always_there() => Assert.Equal(DeviceType.CPU, ComputeDevice.Of("cpu").Require().type);

    [Theory]
    [InlineData("cuda")]
    [InlineData("cuda:0")]
    public void A_gpu_that_is_absent_is_refused_with_what_there_is(string asked)
    {
        Assert.SkipWhen(cuda.is_available(), "has a GPU");
        var error = Assert.Throws<ConfigurationException>(() => ComputeDevice.Of(asked).Require());
        Assert.StartsWith($"--device={asked}: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Use --device=auto or --device=cpu.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gpu_beyond_the_last_is_refused_with_those_there_are()
    {
        Assert.SkipUnless(cuda.is_available(), "has no GPU");
        var error = Assert.Throws<ConfigurationException>(() => ComputeDevice.Of("cuda:120").Require());
        Assert.Contains($"cuda:{cuda.device_count() - 1}.", error.Message, StringComparison.Ordinal);
    }
}
