using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch.Tests;

/// <summary>The gradients meant for GPUs, forced on the CPU, against libtorch's own, which are exact there.</summary>
public sealed class DeterministicRouteTests : IDisposable
{
    private static readonly Dictionary<string, (long[] Shape, Func<Tensor, Tensor> Operator)> s_cases = Cases();

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Names { get; } = [.. s_cases.Keys];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Gives_libtorchs_values_and_gradient_in_float64(string name)
    {
        var (shape, op) = s_cases[name];
        var x = Values(shape, ScalarType.Float64).requires_grad_();
        var right = op(x);
        var weight = Values(right.shape, ScalarType.Float64, 1);
        var expected = autograd.grad([right], [x], [weight])[0]!;
        using var forced = Determinism.ForceRoutes();
        var found = op(x);
        Assert.True(found.allclose(right, 1e-12, 1e-12), "values");
        Assert.True(autograd.grad([found], [x], [weight])[0]!.allclose(expected, 1e-12, 1e-12), "gradient");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gives_float64s_gradient_in_float32(string name)
    {
        // Not libtorch's float32, which adds up to 2112 numbers one by one here.
        var (shape, op) = s_cases[name];
        var x = Values(shape, ScalarType.Float32).to(ScalarType.Float64).requires_grad_();
        var right = op(x);
        var weight = Values(right.shape, ScalarType.Float32, 1);
        var expected = autograd.grad([right], [x], [weight.to(ScalarType.Float64)])[0]!;
        using var forced = Determinism.ForceRoutes();
        var leaf = x.detach().to(ScalarType.Float32).requires_grad_();
        var found = op(leaf);
        var gradient = autograd.grad([found], [leaf], [weight])[0]!;
        Assert.True(found.to(ScalarType.Float64).allclose(right, 1e-6, 1e-6), "values");
        Assert.InRange((gradient.to(ScalarType.Float64) - expected).abs().max().ToDouble(), 0, 1e-6 * Math.Max(1, expected.abs().max().ToDouble()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Passes_a_gradient_of_a_gradient_on(string name)
    {
        var (shape, op) = s_cases[name];
        var x = Values(shape, ScalarType.Float64).requires_grad_();
        using var forced = Determinism.ForceRoutes();
        var y = op(x);
        var first = autograd.grad([(y * y).sum()], [x], create_graph: true)[0]!;
        var second = autograd.grad([(first * first).sum()], [x])[0]!;
        var z = op(x);                                              // these are linear or pick elements: with y = Ax, the first is 2AᵀAx and the second 8AᵀA(AᵀAx)
        var inner = autograd.grad([z], [x], [z.detach()])[0]!.detach();
        var again = op(inner.requires_grad_());
        if (!name.StartsWith("max", StringComparison.Ordinal) && !name.StartsWith("cross", StringComparison.Ordinal))
        {
            Assert.True(second.allclose(autograd.grad([again], [inner], [again.detach()])[0]! * 8, 1e-9, 1e-9));
        }
        else
        {
            Assert.Equal(shape, second.shape);
        }
    }

    [Fact]
    public void Keeps_channels_last_values_and_gradients_the_same()
    {
        var x = Values([2, 3, 5, 7], ScalarType.Float32).contiguous(channels_last).requires_grad_();
        var weight = Values([2, 3, 10, 14], ScalarType.Float32, 1).contiguous(channels_last);
        var right = autograd.grad([Doubled(x)], [x], [weight])[0]!;
        using var forced = Determinism.ForceRoutes();
        Assert.True(autograd.grad([Doubled(x)], [x], [weight])[0]!.allclose(right, 1e-6, 1e-6));
    }

    [Fact]
    public void Sums_a_narrow_gradient_in_float32()
    {
        // 64 numbers of 1 + 2⁻⁷ that fall on one input: exact in float32, while bfloat16 would round on the way.
        var x = zeros([1, 1, 1, 1], ScalarType.BFloat16, requires_grad: true);
        var weight = ones([1, 1, 8, 8], ScalarType.BFloat16) * 1.0078125;
        using var forced = Determinism.ForceRoutes();
        var gradient = autograd.grad([functional.interpolate(x, [8, 8], mode: InterpolationMode.Bilinear)], [x], [weight])[0]!;
        Assert.Equal(ScalarType.BFloat16, gradient.dtype);
        Assert.Equal(64.5f, gradient.to(ScalarType.Float32).item<float>());
    }

    [Fact]
    public void Leaves_no_tensor_behind_once_a_size_is_known()
    {
        using var forced = Determinism.ForceRoutes();
        var x = Values([1, 1, 4, 4], ScalarType.Float32).requires_grad_();
        Once();
        var before = Tensor.TotalCount;
        Once();
        Assert.Equal(before, Tensor.TotalCount);

        void Once()
        {
            using var scope = NewDisposeScope();
            autograd.grad([Doubled(x).sum()], [x]);
        }
    }

    [Theory]
    [InlineData("upsample_bilinear2d.vec", Repeatability.Routed)]
    [InlineData("kthvalue", Repeatability.Refused)]
    [InlineData("conv2d", Repeatability.Native)]
    public void Operators_are_known_by_what_a_GPU_makes_of_them(string op, Repeatability expected) =>
        Assert.Equal(expected, NondeterministicOperators.Of(op));

    private static Tensor Doubled(Tensor x) => functional.interpolate(x, scale_factor: [2], mode: InterpolationMode.Bilinear);

    private static Tensor Values(long[] shape, ScalarType type, int seed = 0)
    {
        using var generator = new Generator((ulong)(seed + 5));
        return rand(shape, ScalarType.Float64, generator: generator).mul(2).sub(1).to(type);
    }

    private static Dictionary<string, (long[], Func<Tensor, Tensor>)> Cases()
    {
        var cases = new Dictionary<string, (long[], Func<Tensor, Tensor>)>();
        foreach (var aligned in (bool[])[false, true])
        {
            foreach (var scale in (double[])[2, 4, 1.7, 0.4])
            {
                cases[$"bilinear ×{scale} {aligned}"] = ([2, 3, 5, 7], x => functional.interpolate(x, scale_factor: [scale], mode: InterpolationMode.Bilinear, align_corners: aligned));
                cases[$"bicubic ×{scale} {aligned}"] = ([2, 3, 5, 7], x => functional.interpolate(x, scale_factor: [scale], mode: InterpolationMode.Bicubic, align_corners: aligned));
            }

            foreach (var size in (long[][])[[1, 1], [9, 7], [33, 64], [3, 20], [5, 7]])
            {
                cases[$"bilinear to {size[0]}×{size[1]} {aligned}"] = ([1, 2, 5, 7], x => functional.interpolate(x, size, mode: InterpolationMode.Bilinear, align_corners: aligned));
                cases[$"bilinear from one to {size[0]}×{size[1]} {aligned}"] = ([1, 2, 1, 1], x => functional.interpolate(x, size, mode: InterpolationMode.Bilinear, align_corners: aligned));
            }

            cases[$"linear {aligned}"] = ([2, 3, 7], x => functional.interpolate(x, scale_factor: [3], mode: InterpolationMode.Linear, align_corners: aligned));
            cases[$"trilinear {aligned}"] = ([1, 2, 3, 4, 5], x => functional.interpolate(x, [7, 8, 3], mode: InterpolationMode.Trilinear, align_corners: aligned));
        }

        cases["bilinear by two factors"] = ([1, 2, 5, 7], x => functional.interpolate(x, scale_factor: [2, 3], mode: InterpolationMode.Bilinear));
        cases["area"] = ([1, 2, 9, 7], x => functional.interpolate(x, [4, 3], mode: InterpolationMode.Area));
        cases["adaptive average"] = ([2, 3, 9, 7], x => functional.adaptive_avg_pool2d(x, [4, 3]));
        cases["adaptive average to more"] = ([2, 3, 4, 7], x => functional.adaptive_avg_pool2d(x, [6, 7]));
        cases["adaptive average of a line"] = ([2, 3, 9], x => functional.adaptive_avg_pool1d(x, 4));
        cases["adaptive average of a volume"] = ([1, 2, 4, 5, 6], x => functional.adaptive_avg_pool3d(x, [2, 3, 4]));
        cases["average of a volume"] = ([1, 2, 5, 6, 7], x => functional.avg_pool3d(x, [2, 3, 2], [2, 2, 1], [1, 1, 0], ceil_mode: true));
        cases["average of a volume without its border"] = ([1, 2, 5, 6, 7], x => functional.avg_pool3d(x, [2, 3, 2], [2, 2, 1], [1, 1, 0], count_include_pad: false));
        cases["average of a volume over seven"] = ([1, 2, 5, 6, 7], x => functional.avg_pool3d(x, [2, 3, 2], divisor_override: 7));
        cases["reflect"] = ([2, 3, 5, 7], x => functional.pad(x, [1, 2, 3, 4], PaddingModes.Reflect));
        cases["reflect a line"] = ([2, 3, 7], x => functional.pad(x, [6, 2], PaddingModes.Reflect));
        cases["replicate"] = ([2, 3, 5, 7], x => functional.pad(x, [1, 2, 3, 0], PaddingModes.Replicate));
        cases["replicate without batch"] = ([3, 5, 7], x => functional.pad(x, [1, 2, 3, 0], PaddingModes.Replicate));
        cases["replicate a volume"] = ([1, 2, 3, 4, 5], x => functional.pad(x, [1, 2, 3, 0, 1, 1], PaddingModes.Replicate));
        cases["max of a volume"] = ([1, 2, 5, 6, 7], x => functional.max_pool3d(x, [3, 3, 2], [2, 1, 2], [1, 1, 0], ceil_mode: true));
        cases["max adaptive"] = ([2, 3, 9, 7], x => functional.adaptive_max_pool2d(x, [4, 3]));
        cases["max adaptive of a line"] = ([2, 3, 9], x => functional.adaptive_max_pool1d(x, 4));
        cases["max adaptive of a volume"] = ([1, 2, 4, 5, 6], x => functional.adaptive_max_pool3d(x, [2, 3, 4]));
        foreach (var (what, reduction) in (ReadOnlySpan<(string, Reduction)>)[("mean", Reduction.Mean), ("sum", Reduction.Sum)])
        {
            cases[$"cross-entropy {what}"] = ([2, 4, 5, 7], x => functional.cross_entropy(x, Classes(), reduction: reduction));
            cases[$"cross-entropy {what}, weighted, smoothed, one class ignored"] = ([2, 4, 5, 7], x =>
                functional.cross_entropy(x, Classes(), tensor([1f, 2, 0.5f, 3]).to(x.dtype), ignore_index: 2, reduction: reduction, label_smoothing: 0.1));
            cases[$"cross-entropy {what}, one class ignored"] = ([2, 4, 5, 7], x => functional.cross_entropy(x, Classes(), ignore_index: 1, reduction: reduction));
        }

        return cases;
    }

    private static Tensor Classes() => arange(70).view(2, 5, 7).remainder(4);
}
