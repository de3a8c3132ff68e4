using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch.Tests;

/// <summary>GELU's gradient, which some builds of libtorch get wrong.</summary>
public sealed class GeluTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<GELU.Approximate> Forms { get; } = [TorchSharp.Modules.GELU.Approximate.none, TorchSharp.Modules.GELU.Approximate.tanh];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Forms))]
    public void Its_gradient_is_the_slope_between_neighbours_in_float64(GELU.Approximate form)
    {
        const double Step = 1e-6;
        var x = linspace(-5, 5, 101, float64, requires_grad: true);
        var found = autograd.grad([functional.gelu(x, form).sum()], [x])[0]!;
        using var frozen = no_grad();
        var slope = (functional.gelu(x + Step, form) - functional.gelu(x - Step, form)) / (2 * Step);
        Assert.True(found.allclose(slope, 0, 1e-8));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Its_float32_gradient_is_right_however_the_gradient_that_comes_in_lies_in_memory(GELU.Approximate form)
    {
        const double Step = 1e-6;
        var values = linspace(-4, 4, 48 * 48, float64).view(48, 48);
        var ramp = linspace(0.5, 1.5, 48 * 48, float64).view(48, 48);
        foreach (var weight in (Tensor[])[ramp, ramp.t(), ramp.slice(1, 0, 1, 1).expand(48, 48), ramp.flip(0).t()])
        {
            var x = values.to(float32).requires_grad_();
            var found = autograd.grad([functional.gelu(x, form)], [x], [weight.to(float32)])[0]!;
            using var frozen = no_grad();
            var slope = (functional.gelu(values + Step, form) - functional.gelu(values - Step, form)) / (2 * Step);
            Assert.True(found.to(float64).allclose(slope * weight, 1e-4, 1e-5));
        }
    }

    [Fact]
    public void Its_values_are_the_same_with_and_without_gradients()
    {
        var x = linspace(-6, 6, 1001, float32, requires_grad: true);
        var recorded = functional.gelu(x);
        using var frozen = no_grad();
        Assert.True(recorded.allclose(functional.gelu(x), 1e-5, 1e-6));
    }
}
