using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch.Tests;

/// <summary>3×3 convolutions in channels-last order, which are computed by minimal filtering; float64 has libtorch's own loops.</summary>
public sealed class ConvolutionTests
{
    [Theory]
    [InlineData(4, 16, 32, 16, 16)]     // whole tiles and panels
    [InlineData(1, 48, 16, 17, 23)]     // odd sides: tiles reach beyond the image
    [InlineData(3, 32, 80, 15, 9)]      // rows of products that are no multiple of six
    [InlineData(2, 256, 256, 10, 11)]   // several blocks
    [InlineData(1, 16, 64, 1, 40)]      // one line
    [InlineData(2, 32, 32, 33, 2)]      // two columns
    public void Convolves_as_float64_does(long n, long channels, long outputs, long height, long width)
    {
        using var scope = NewDisposeScope();
        var (expected, found) = (Run(ScalarType.Float64, n, channels, outputs, height, width), Run(ScalarType.Float32, n, channels, outputs, height, width));
        foreach (var (e, f) in expected.Zip(found))
        {
            Assert.Equal(e.shape, f.shape);
            Assert.InRange(Distance(e, f), 0, 2e-6);
        }
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        using var scope = NewDisposeScope();
        var before = get_num_threads();
        try
        {
            set_num_threads(1);
            var one = Run(ScalarType.Float32, 2, 64, 64, 31, 33);
            set_num_threads(2);
            Assert.All(one.Zip(Run(ScalarType.Float32, 2, 64, 64, 31, 33)), p => Assert.True(p.First.equal(p.Second)));
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void In_bfloat16_rounds_once()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var (x, w) = (randn(1, 32, 12, 14).to(ScalarType.BFloat16), (randn(48, 32, 3, 3) / 17).to(ScalarType.BFloat16));
        var wide = functional.conv2d(x.to(ScalarType.Float64), w.to(ScalarType.Float64), padding: [1, 1]);
        var narrow = functional.conv2d(x, w, padding: [1, 1]);
        Assert.Equal(ScalarType.BFloat16, narrow.dtype);
        // Eight significant bits: half a unit in the last place is at most 2⁻⁸ of the value; the sum itself is float32's.
        Assert.True(((narrow.to(ScalarType.Float64) - wide).abs() - (wide.abs() / 256)).max().item<double>() < 1e-5);
    }

    [Fact]
    public void Gradients_reach_frozen_and_trained_parts_alike()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var x = randn(1, 16, 16, 16).contiguous(channels_last).requires_grad_();
        var w = randn(32, 16, 3, 3).contiguous(channels_last);
        functional.conv2d(x, w, padding: [1, 1]).sum().backward();
        Assert.NotNull(x.grad);
        Assert.Null(w.grad);
    }

    private static Tensor[] Run(ScalarType type, long n, long channels, long outputs, long height, long width)
    {
        manual_seed(2);
        var x = randn(n, channels, height, width).to(type).contiguous(channels_last).requires_grad_();
        var w = (randn(outputs, channels, 3, 3) / Math.Sqrt(9 * channels)).to(type).contiguous(channels_last).requires_grad_();
        var b = randn(outputs).to(type).requires_grad_();
        var toward = randn(n, outputs, height, width).to(type);
        var y = functional.conv2d(x, w, b, padding: [1, 1]);
        (y * toward).sum().backward();
        return [y.detach(), x.grad!, w.grad!, b.grad!];
    }

    // The largest error as a share of the largest value: sums of thousands of terms have small ones among them.
    private static double Distance(Tensor expected, Tensor found) =>
        ((found.to(ScalarType.Float64) - expected).abs().max() / expected.abs().max()).item<double>();
}
