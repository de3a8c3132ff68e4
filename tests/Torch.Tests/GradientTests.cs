using Osteon.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch.Tests;

/// <summary>
/// Each operator's backward pass on this libtorch: float64 against differences of its values, and float32, where oneDNN takes
/// part, against float64, however values and incoming gradients lie in memory.
/// </summary>
public sealed class GradientTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Names { get; } = [.. GradientCases.All.Keys];

    public static TheoryData<string> Layers { get; } = [.. LayerCases.Layers.Keys];

    public static TheoryData<string> Narrow { get; } =
        ["GELU", "GELU tanh", "SiLU", "Mish", "Hardswish", "Hardsigmoid", "ReLU", "ReLU6", "ELU", "CELU", "Softplus", "Tanh", "Sigmoid", "group norm", "layer norm of channels", "batch norm", "instance norm", "softmax of channels", "average pool", "nearest", "bilinear", "reflect", "replicate", "transposed 2", "convolution, depthwise", "adaptive average", "pixel shuffle"];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_the_slope_of_its_values_in_float64(string name)
    {
        var (shape, make) = GradientCases.All[name];
        IsSlope(shape, make);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layers_is_the_slope_of_its_values_in_float64(string name)
    {
        var shape = LayerTests.InputOf(name);
        IsSlope(shape, LayerCases.Layers[name]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_the_same_in_float32_however_things_lie_in_memory(string name)
    {
        var (shape, make) = GradientCases.All[name];
        using var wide = Made(make, ScalarType.Float64);
        using var narrow = Made(make, ScalarType.Float32);
        var x = Random(shape, 1);
        var weight = Random(wide.forward(x).shape, 2);
        var constant = weight.flatten().slice(0, 0, 1, 1).expand(weight.shape);
        Tensor[] expected = Gradients(wide, x, weight), expectedOfConstant = Gradients(wide, x, constant);
        foreach (var channelsLast in shape.Length == 4 ? [false, true] : new[] { false })
        {
            if (channelsLast)
            {
                narrow.to_channels_last();
            }

            foreach (var values in Laid(x.to(ScalarType.Float32)))
            {
                foreach (var (layout, gradient) in Laid(weight.to(ScalarType.Float32)).Index())
                {
                    Agree(expected, Gradients(narrow, values, gradient), $"{name}, incoming layout {layout}, channels last {channelsLast}");
                }

                Agree(expectedOfConstant, Gradients(narrow, values, constant.to(ScalarType.Float32)), $"{name}, constant gradient");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Narrow))]
    public void Survives_bfloat16_under_autocast(string name)
    {
        // What comes in and goes back is rounded to 8 bits; a wrong kernel is off by its whole value.
        var (shape, make) = GradientCases.All[name];
        using var wide = Made(make, ScalarType.Float64);
        using var narrow = Made(make, ScalarType.Float32);
        var x = Random(shape, 1).to(ScalarType.BFloat16);
        var right = x.to(ScalarType.Float64).requires_grad_();
        var y = wide.forward(right);
        var weight = Random(y.shape, 2).to(ScalarType.BFloat16);
        var expected = autograd.grad([y], [right], [weight.to(ScalarType.Float64)])[0]!;
        foreach (var values in Laid(x))
        {
            foreach (var gradient in Laid(weight))
            {
                var leaf = values.detach().requires_grad_();
                using var autocast = Autocast.Enter(DeviceType.CPU, ScalarType.BFloat16);
                var z = narrow.forward(leaf);
                var found = autograd.grad([z], [leaf], [gradient.to(z.dtype)])[0]!.to(ScalarType.Float64);
                Assert.InRange(Distance(z.to(ScalarType.Float64), y), 0, 0.02);
                Assert.InRange(Distance(found, expected), 0, 0.03);
            }
        }
    }

    private static double Distance(Tensor found, Tensor right) => ((found - right).norm() / right.norm()).ToDouble();

    /// <summary>Along a few directions, of input and parameters together.</summary>
    private static void IsSlope(long[] shape, Func<Module<Tensor, Tensor>> make)
    {
        const double Step = 1e-6;
        using var layer = Made(make, ScalarType.Float64);
        var x = Spread(shape);
        var weight = Random(layer.forward(x).shape, 2);
        var found = Gradients(layer, x, weight)[1..];
        Tensor[] at = [x, .. layer.parameters()];
        for (var seed = 10; seed < 13; seed++)
        {
            var directions = at.Select((t, i) => Random(t.shape, seed + (100 * i))).ToArray();
            var slope = (Moved(Step) - Moved(-Step)) / (2 * Step);
            var expected = found.Zip(directions, (g, d) => (g * d).sum().ToDouble()).Sum();
            Assert.Equal(expected, slope, 1e-5 * Math.Max(1, found.Zip(directions, (g, d) => (g * d).abs().sum().ToDouble()).Sum()));

            double Moved(double by)
            {
                using var frozen = no_grad();
                foreach (var (parameter, direction) in layer.parameters().Zip(directions.Skip(1)))
                {
                    parameter.add_(direction * by);
                }

                var value = (layer.forward(x + (directions[0] * by)) * weight).sum().ToDouble();
                foreach (var (parameter, direction) in layer.parameters().Zip(directions.Skip(1)))
                {
                    parameter.sub_(direction * by);
                }

                return value;
            }
        }
    }

    private static Tensor[] Gradients(Module<Tensor, Tensor> layer, Tensor x, Tensor weight)
    {
        var leaf = x.detach().requires_grad_();
        var y = layer.forward(leaf);
        Tensor[] inputs = [leaf, .. layer.parameters()];
        return [y.detach(), .. autograd.grad([y], inputs, [weight]).Select(g => g!)];
    }

    private static void Agree(Tensor[] expected, Tensor[] found, string what)
    {
        foreach (var (i, (right, other)) in expected.Zip(found).Index())
        {
            var off = (other.to(ScalarType.Float64) - right).abs().max().ToDouble() / Math.Max(1, right.abs().max().ToDouble());
            Assert.True(off < 1e-4, $"{what}: {(i == 0 ? "value" : $"gradient {i - 1}")} is off by {off}");
        }
    }

    private static IEnumerable<Tensor> Laid(Tensor x)
    {
        yield return x.contiguous();
        if (x.ndim >= 2)
        {
            yield return x.transpose(-1, -2).contiguous().transpose(-1, -2);
        }

        yield return stack([x, x], -1).select(-1, 0);
        if (x.ndim == 4)
        {
            yield return x.contiguous(channels_last);
        }
    }

    private static Module<Tensor, Tensor> Made(Func<Module<Tensor, Tensor>> make, ScalarType type)
    {
        manual_seed(3);
        return make().to(type);
    }

    /// <summary>In (−2, 2), no two closer than any step: a maximum stays where it is, and nothing crosses zero.</summary>
    private static Tensor Spread(long[] shape)
    {
        var order = Random(shape, 1).flatten().argsort().to(ScalarType.Float64);
        return order.add(0.5).mul(4.0 / order.numel()).sub(2).view(shape);
    }

    private static Tensor Random(long[] shape, int seed)
    {
        using var generator = new Generator((ulong)seed);
        return rand(shape, ScalarType.Float64, generator: generator).mul(4).sub(2);
    }
}
