using System.Runtime.Intrinsics.X86;
using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch.Tests;

/// <summary>Convolutions with what stands around them, against the same layers one by one in float64, which has libtorch's own loops.</summary>
public sealed class FusedConvolutionTests
{
    private static bool Fuses => Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported;

    [Fact]
    public void Of_any_shape_it_computes_what_its_layers_do()
    {
        var shapes =
            from n in Gen.Choose(1, 2)
            from below in Gen.Elements(0, 16, 48)
            from beside in Gen.Elements(0, 16, 32, 80)
            from outputs in Gen.Elements(16, 24, 48, 112)
            from height in Gen.Choose(1, 20)
            from width in Gen.Choose(1, 37)
            from kind in Gen.Choose(0, 15)
            where below + beside > 0
            select (n, below, beside, outputs, height, width, kind);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(120).WithQuietOnSuccess(true),
            Prop.ForAll(Arb.From(shapes), s => Distance(s.n, s.below, s.beside, s.outputs, s.height, s.width, s.kind) < 3e-6));
    }

    [Theory]
    [InlineData(1, 1, 0, 0)]    // 1×1
    [InlineData(3, 2, 1, 0)]    // of stride 2
    [InlineData(7, 2, 3, 0)]
    [InlineData(3, 1, 2, 16)]   // of groups
    public void Others_are_normalised_and_rectified_in_place(int kernel, int stride, int padding, int groups)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        manual_seed(5);
        var convolution = Conv2d(16, 40 + (groups / 2), kernel, stride: stride, padding: padding, groups: Math.Max(1, groups), bias: true);
        var norm = Norm(convolution.out_channels);
        var layers = Sequential(convolution, norm, ReLU(inplace: true));
        layers.eval();
        var x = randn(2, 16, 21, 18).contiguous(channels_last);
        var found = layers.forward(x);
        Assert.Equal(Fuses, FusedConvolution.Try(convolution, norm, x, relu: true) is not null);
        layers.to(ScalarType.Float64);
        Assert.InRange(Distance(layers.forward(x.to(ScalarType.Float64)), found), 0, 3e-6);
    }

    [Fact]
    public void An_image_comes_out_the_same_alone_and_in_a_batch_and_with_any_number_of_threads()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        manual_seed(6);
        var convolution = Conv2d(48, 32, 3, padding: 1, bias: false);
        var norm = Norm(32);
        norm.eval();
        var (below, beside) = (randn(3, 32, 13, 11).contiguous(channels_last), randn(3, 16, 26, 22).contiguous(channels_last));
        var before = get_num_threads();
        try
        {
            set_num_threads(1);
            var one = Joined(convolution, norm, below, beside);
            set_num_threads(2);
            Assert.True(one.equal(Joined(convolution, norm, below, beside)));
            for (var i = 0; i < 3; i++)
            {
                Assert.True(one.narrow(0, i, 1).equal(Joined(convolution, norm, below.narrow(0, i, 1), beside.narrow(0, i, 1))));
            }
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void ReLU6_ends_at_six(int kernel)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        manual_seed(8);
        var layers = Sequential(Conv2d(16, 32, kernel, padding: kernel / 2), Norm(32), ReLU6(inplace: true));
        layers.eval();
        var x = randn(1, 16, 24, 24).mul_(20).contiguous(channels_last);
        var found = layers.forward(x);
        layers.to(ScalarType.Float64);
        Assert.InRange(Distance(layers.forward(x.to(ScalarType.Float64)), found), 0, 1e-5);
        Assert.Equal(6, found.max().item<float>());
    }

    [Fact]
    public void What_is_no_number_stays_none()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var layers = Sequential(Conv2d(16, 16, 3, padding: 1), ReLU());
        layers.eval();
        var x = zeros(1, 16, 16, 16);
        x[0, 3, 7, 8].fill_(float.NaN);
        var y = layers.forward(x.contiguous(channels_last));
        Assert.True(y[0, TensorIndex.Colon, 6..9, 7..10].isnan().all().item<bool>());
        Assert.False(y[0, TensorIndex.Colon, 0..4].isnan().any().item<bool>());
    }

    [Fact]
    public void Layers_are_called_one_by_one_where_someone_looks_or_learns()
    {
        using var scope = NewDisposeScope();
        var (convolution, norm) = (Conv2d(16, 32, 3, padding: 1, bias: false), Norm(32));
        var x = randn(1, 16, 16, 16).contiguous(channels_last);
        norm.eval();
        Assert.Null(FusedConvolution.Try(convolution, norm, x));        // a gradient may be asked for
        using var untracked = no_grad();
        Assert.Equal(Fuses, FusedConvolution.Try(convolution, norm, x) is not null);
        Assert.Null(FusedConvolution.Try(convolution, norm, x.contiguous()));
        Assert.Null(FusedConvolution.Try(convolution, norm, x.to(ScalarType.Float64)));
        Assert.Null(FusedConvolution.Try(convolution, norm, x, shortcut: randn(1, 32, 16, 8).contiguous(channels_last)));
        using (Autocast.Enter(DeviceType.CPU, ScalarType.BFloat16))
        {
            Assert.Null(FusedConvolution.Try(convolution, norm, x));
        }

        using (Aten.Observe(new Nobody()))
        {
            Assert.Null(FusedConvolution.Try(convolution, norm, x));
        }

        norm.train();
        Assert.Null(FusedConvolution.Try(convolution, norm, x));
    }

    // Kind: bit 0 a normalisation, 1 ReLU, 2 a shortcut or planes, 3 a bias.
    private static double Distance(long n, int below, int beside, int outputs, int height, int width, int kind)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        manual_seed(7);
        if (below > 0)
        {
            (height, width) = (2 * height, 2 * width);
        }

        var convolution = Conv2d(below + beside, outputs, 3, padding: 1, bias: (kind & 8) != 0);
        var norm = (kind & 1) != 0 ? Norm(outputs) : null;
        norm?.eval();
        var lower = below > 0 ? randn(n, below, height / 2, width / 2).contiguous(channels_last) : null;
        var upper = beside > 0 ? randn(n, beside, height, width).contiguous(channels_last) : null;
        var shortcut = below == 0 && (kind & 4) != 0 ? randn(n, outputs, height, width).contiguous(channels_last) : null;
        var relu = (kind & 2) != 0;
        var planes = below == 0 && kind == 0;
        var found = planes ? convolution.GivingPlanes().forward(upper!)
            : lower is null ? FusedConvolution.Try(convolution, norm, upper!, shortcut, relu)
            : FusedConvolution.TryJoined(convolution, norm, lower, upper, relu);
        if (found is null)
        {
            return Fuses && outputs % 16 == 0 && lower is null ? 1 : 0;
        }

        convolution.to(ScalarType.Float64);
        norm?.to(ScalarType.Float64);
        var x = Input(lower?.to(ScalarType.Float64), upper?.to(ScalarType.Float64));
        var expected = convolution.forward(x);
        expected = norm?.forward(expected) ?? expected;
        expected = shortcut is null ? expected : expected + shortcut;
        return Distance(relu ? expected.relu() : expected, found);
    }

    private static Tensor Input(Tensor? below, Tensor? beside)
    {
        if (below is null)
        {
            return beside!;
        }

        var enlarged = functional.interpolate(below, scale_factor: [2, 2], mode: InterpolationMode.Nearest);
        return beside is null ? enlarged : cat([enlarged, beside], 1);
    }

    private static Tensor Joined(Conv2d convolution, BatchNorm2d norm, Tensor below, Tensor beside) =>
        FusedConvolution.TryJoined(convolution, norm, below.contiguous(channels_last), beside.contiguous(channels_last), relu: true)
        ?? norm.forward(convolution.forward(Input(below, beside))).relu();

    private static BatchNorm2d Norm(long channels)
    {
        var norm = BatchNorm2d(channels);
        using var untracked = no_grad();
        norm.running_mean!.normal_().mul_(0.1);
        norm.running_var!.uniform_(0.5, 1.5);
        norm.weight!.uniform_(0.5, 1.5);
        norm.bias!.normal_().mul_(0.1);
        return norm;
    }

    private static double Distance(Tensor expected, Tensor found)
    {
        Assert.Equal(expected.shape, found.shape);
        return ((found.to(ScalarType.Float64) - expected).abs().max() / expected.abs().max().clamp_min(1e-3)).item<double>();
    }

    private sealed class Nobody : IOperatorObserver
    {
        public void Called(string op, ReadOnlySpan<Argument> arguments, ReadOnlySpan<Tensor> results)
        {
        }
    }
}
