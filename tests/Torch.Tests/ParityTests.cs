using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch.Tests;

/// <summary>The same numbers as PyTorch; parity.json says which.</summary>
public sealed class ParityTests
{
    public static TheoryData<string> Operators { get; } = [.. Results().Keys];

    // Relative to each tensor's norm. Float32 rounds differently under AVX-512, AVX2 and SSE, and Adam's first steps, which are
    // signs of gradients however small, spread that: with eps at 1e-8 it exceeds 1e-5 of a small gradient between PyTorch's own
    // kernels, so Adam has 1e-5 here. Float64 shows that rounding is all there is.
    [Theory]
    [InlineData("SGD", ScalarType.Float32, 1e-5)]
    [InlineData("SGD", ScalarType.Float64, 1e-8)]
    [InlineData("Adam", ScalarType.Float32, 1e-5)]
    [InlineData("Adam", ScalarType.Float64, 1e-8)]
    [InlineData("AdamW", ScalarType.Float32, 1e-5)]
    [InlineData("AdamW", ScalarType.Float64, 1e-8)]
    [InlineData("RMSprop", ScalarType.Float32, 1e-5)]
    [InlineData("RMSprop", ScalarType.Float64, 1e-8)]
    public void Trains_a_small_unet_to_PyTorchs_losses_gradients_and_weights(string name, ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var net = SmallUNet.Filled(dtype);
        using var optimizer = Optimizer(name, net.parameters());
        var golden = Parity.Golden.GetProperty("training").GetProperty($"{name} {dtype}");
        var expected = golden.GetProperty("losses").EnumerateArray().Select(e => e.GetDouble()).ToArray();
        for (var step = 0; step < 5; step++)
        {
            var (loss, norm) = net.Step(optimizer, dtype);
            Assert.Equal(expected[2 * step], loss, expected[2 * step] * tolerance);
            Assert.Equal(expected[(2 * step) + 1], norm, expected[(2 * step) + 1] * tolerance);
        }

        foreach (var (key, parameter) in net.named_parameters())
        {
            Parity.Agrees(golden.GetProperty("gradients").GetProperty(key), parameter.grad!, key, tolerance);
        }

        var state = net.state_dict();
        Assert.Equal(golden.GetProperty("state").EnumerateObject().Select(p => p.Name), state.Keys);
        foreach (var (key, tensor) in state)
        {
            Parity.Agrees(golden.GetProperty("state").GetProperty(key), tensor, key, tolerance);
        }
    }

    [Fact]
    public void Draws_initial_weights_and_random_numbers_as_PyTorch_does()
    {
        using var scope = NewDisposeScope();
        manual_seed(42);
        var conv = Conv2d(4, 6, (3, 2), groups: 2);
        var up = ConvTranspose2d(4, 2, 2, stride: 2);
        var linear = Linear(7, 3);
        Same("conv.weight", conv.weight);
        Same("conv.bias", conv.bias!);
        Same("up.weight", up.weight);
        Same("up.bias", up.bias!);
        Same("linear.weight", linear.weight);
        Same("linear.bias", linear.bias!);
        var w = empty(8, 4, 3, 3);
        Same("kaiming_normal_", init.kaiming_normal_(w, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU));
        Same("kaiming_uniform_", init.kaiming_uniform_(w, nonlinearity: init.NonlinearityType.ReLU));
        Same("xavier_uniform_", init.xavier_uniform_(w, gain: 1.5));
        Same("trunc_normal_", init.trunc_normal_(w, std: 0.02));
        Same("normal_", init.normal_(w, 0.5, 0.1));
        Same("rand", rand(3, 7));
        Same("randn", randn(5, 9));
        Same("randperm", randperm(17));
        Same("dropout", functional.dropout(ones(4, 8), 0.3));
        conv.Dispose();
        up.Dispose();
        linear.Dispose();

        static void Same(string name, Tensor tensor) => Parity.Agrees(Parity.Golden.GetProperty("initialised").GetProperty(name), tensor, name, 1e-7);
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void Computes_what_PyTorch_computes(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Parity.Golden.GetProperty("operators").GetProperty(name);
        var actual = Results()[name](Parity.Wave([2, 3, 6, 5]), Parity.Wave([2, 3, 6, 5], phase: 2));
        Assert.Equal(golden.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64()), actual.shape);
        Parity.Agrees(golden.GetProperty("digest"), actual, name, 1e-6);
    }

    [Fact]
    public void Knows_every_operator_that_the_golden_file_has() =>
        Assert.Equal(Parity.Golden.GetProperty("operators").EnumerateObject().Select(p => p.Name).Order(), Results().Keys.Order());

    private static optim.Optimizer Optimizer(string name, IEnumerable<Parameter> parameters) => name switch
    {
        "SGD" => optim.SGD(parameters, 0.05, momentum: 0.9, weight_decay: 1e-4, nesterov: true),
        "Adam" => optim.Adam(parameters, 1e-3, eps: 1e-5, weight_decay: 1e-3),
        "AdamW" => optim.AdamW(parameters, 1e-3, weight_decay: 0.05),
        _ => optim.RMSProp(parameters, 1e-3, alpha: 0.9, momentum: 0.9, centered: true),
    };

    private static Tensor Labels() => (arange(60).reshape(2, 6, 5) * 7) % 3;

    private static Dictionary<string, Func<Tensor, Tensor, Tensor>> Results() => new()
    {
        ["x + y"] = (x, y) => x + y,
        ["2 - x"] = (x, _) => 2 - x,
        ["x * 3"] = (x, _) => x * 3,
        ["x / y"] = (x, y) => x / y,
        ["1 / x"] = (x, _) => 1 / (x + 2),
        ["-x"] = (x, _) => -x,
        ["x % 0.3"] = (x, _) => x % 0.3,
        ["x > y"] = (x, y) => x > y,
        ["x.abs.sqrt"] = (x, _) => x.abs().sqrt(),
        ["x.pow"] = (x, _) => x.pow(2),
        ["exp.log"] = (x, _) => (x.exp() + 1).log(),
        ["clamp"] = (x, _) => x.clamp(-0.5, 0.25),
        ["where"] = (x, y) => where(x > 0, x, y),
        ["sum"] = (x, _) => x.sum([0, 2]),
        ["mean"] = (x, _) => x.mean([1], true),
        ["max"] = (x, _) => x.max(1).values,
        ["argmax"] = (x, _) => x.argmax(1),
        ["amin"] = (x, _) => x.amin([2, 3]),
        ["std"] = (x, _) => x.std([2, 3], unbiased: false),
        ["var"] = (x, _) => x.var(),
        ["norm"] = (x, _) => x.norm(),
        ["softmax"] = (x, _) => x.softmax(1),
        ["log_softmax"] = (x, _) => x.log_softmax(1),
        ["sigmoid"] = (x, _) => x.sigmoid(),
        ["permute"] = (x, _) => x.permute(0, 2, 3, 1).reshape(2, -1),
        ["slice"] = (x, _) => x[.., 1.., TensorIndex.Slice(step: 2), TensorIndex.Slice(-3)],
        ["select"] = (x, _) => x[1, TensorIndex.Ellipsis, 2],
        ["mask"] = (x, _) => x[x > 0.5],
        ["gather"] = (x, _) => x[.., tensor(new long[] { 2, 0, 0 })],
        ["new axis"] = (x, _) => x[.., TensorIndex.None, 0],
        ["cat"] = (x, y) => cat([x, y], 1),
        ["stack"] = (x, y) => stack([x, y], 2),
        ["flip"] = (x, _) => x.flip(3),
        ["rot90"] = (x, _) => x.rot90(1, (2, 3)),
        ["conv2d"] = (x, _) => functional.conv2d(x, Parity.Wave([4, 3, 3, 2], phase: 3), null, [2, 1], [1, 0]),
        ["max_pool2d"] = (x, _) => functional.max_pool2d(x, 3, 2, 1),
        ["avg_pool2d"] = (x, _) => functional.avg_pool2d(x, 2, 2, 0, ceil_mode: true, count_include_pad: false),
        ["adaptive"] = (x, _) => functional.adaptive_avg_pool2d(x, [3, 2]),
        ["nearest"] = (x, _) => functional.interpolate(x, scale_factor: [2]),
        ["bilinear"] = (x, _) => functional.interpolate(x, [9, 4], mode: InterpolationMode.Bilinear),
        ["aligned"] = (x, _) => functional.interpolate(x, scale_factor: [1.5, 2], mode: InterpolationMode.Bilinear, align_corners: true),
        ["bicubic"] = (x, _) => functional.interpolate(x, [9, 11], mode: InterpolationMode.Bicubic, align_corners: false),
        ["area"] = (x, _) => functional.interpolate(x, [2, 2], mode: InterpolationMode.Area),
        ["pad"] = (x, _) => functional.pad(x, [1, 2, 0, 3], value: 0.5),
        ["reflect"] = (x, _) => functional.pad(x, [1, 2, 1, 0], PaddingModes.Reflect),
        ["circular"] = (x, _) => functional.pad(x, [1, 1, 2, 2], PaddingModes.Circular),
        ["bce"] = (x, y) => functional.binary_cross_entropy_with_logits(x, (y > 0).to(float32), pos_weights: full(5, 2.0)),
        ["cross_entropy"] = (x, _) => functional.cross_entropy(x, Labels(), ignore_index: 2, label_smoothing: 0.1),
        ["one_hot"] = (_, _) => functional.one_hot(Labels(), 3),
        ["group_norm"] = (x, _) => functional.group_norm(x, 3),
        ["layer_norm"] = (x, _) => functional.layer_norm(x, [5]),
        ["linspace"] = (_, _) => linspace(0, 1, 7),
        ["arange"] = (_, _) => arange(1, 4, 0.5),
        ["eye"] = (_, _) => eye(3, 4),
        ["matmul"] = (x, y) => x.matmul(y.transpose(2, 3)),
        ["cumsum"] = (x, _) => x.cumsum(2),
        ["median of sort"] = (x, _) => x.sort(3).values[TensorIndex.Ellipsis, 2],
        ["topk"] = (x, _) => x.topk(2, 3).values,
        ["lerp"] = (x, y) => x.lerp(y, 0.25),
    };
}
