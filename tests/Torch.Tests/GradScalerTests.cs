using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Torch.Tests;

/// <summary>Expected numbers are PyTorch's documented algorithm done by hand: multiply, divide, grow after the interval, back off at once.</summary>
public sealed class GradScalerTests
{
    [Fact]
    public void Scales_the_loss_and_gives_the_optimiser_plain_gradients()
    {
        using var scope = NewDisposeScope();
        var (weight, sgd) = Weight(3);
        using var optimizer = sgd;
        var scaler = new GradScaler(init_scale: 8);
        var loss = (weight * 2).sum();
        var scaled = scaler.scale(loss);
        Assert.Equal(48f, scaled.item<float>());                    // 3 × 2 × 8
        scaled.backward();
        Assert.Equal(16f, weight.grad!.item<float>());              // 2 × 8
        Assert.True(scaler.step(optimizer));
        Assert.Equal(2f, weight.grad!.item<float>());
        Assert.Equal(1f, weight.item<float>());                     // 3 − 1 × 2
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.NaN)]
    public void Leaves_a_step_out_when_a_gradient_is_not_finite(float bad)
    {
        using var scope = NewDisposeScope();
        var (weight, other) = (nn.Parameter(ones(2)), nn.Parameter(ones(3)));
        using var adam = optim.Adam([weight, other], 0.1);
        var scaler = new GradScaler(init_scale: 1024, backoff_factor: 0.25);
        weight.grad = ones(2);
        other.grad = tensor([1f, bad, 1f]);
        Assert.False(scaler.step(adam));
        Assert.True(weight.equal(ones(2)));
        Assert.True(other.equal(ones(3)));
        Assert.Empty(adam.state_dict());                            // no moment has seen it
        scaler.update();
        Assert.Equal(256, scaler.get_scale());                      // 1024 × 0.25
    }

    [Fact]
    public void Grows_after_an_interval_of_finite_steps_and_counts_anew_after_a_skip()
    {
        using var scope = NewDisposeScope();
        var (weight, sgd) = Weight(0);
        using var optimizer = sgd;
        var scaler = new GradScaler(init_scale: 4, growth_factor: 3, growth_interval: 2);
        var scales = new List<double>();
        foreach (var gradient in (float[])[1, 1, 1, float.NaN, 1, 1, 1, 1])
        {
            weight.grad = tensor(gradient);
            scaler.step(optimizer);
            scaler.update();
            scales.Add(scaler.get_scale());
        }

        Assert.Equal([4, 12, 12, 6, 6, 18, 18, 54], scales);
    }

    [Fact]
    public void Never_grows_beyond_float32()
    {
        using var scope = NewDisposeScope();
        var (weight, sgd) = Weight(0);
        using var optimizer = sgd;
        var scaler = new GradScaler(init_scale: 2e38, growth_interval: 1);
        weight.grad = tensor(1f);
        scaler.step(optimizer);
        scaler.update();
        Assert.Equal(2e38f, scaler.get_scale());
    }

    [Fact]
    public void Unscales_once_so_that_gradients_can_be_clipped()
    {
        using var scope = NewDisposeScope();
        var (weight, sgd) = Weight(0);
        using var optimizer = sgd;
        var scaler = new GradScaler(init_scale: 100);
        scaler.scale(weight * 5).backward();
        scaler.unscale_(optimizer);
        Assert.Equal(5f, weight.grad!.item<float>(), 1e-6f);
        Assert.Equal(5, nn.utils.clip_grad_norm_([weight], 0.5), 1e-6);
        Assert.Contains("unscale_() has been called", Assert.Throws<InvalidOperationException>(() => scaler.unscale_(optimizer)).Message, StringComparison.Ordinal);
        Assert.True(scaler.step(optimizer));
        Assert.Equal(-0.5f, weight.item<float>(), 1e-5f);
        Assert.Contains("after step()", Assert.Throws<InvalidOperationException>(() => scaler.unscale_(optimizer)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => scaler.step(optimizer));
        scaler.update();
        Assert.True(scaler.step(optimizer));
    }

    [Fact]
    public void One_bad_optimiser_of_two_shrinks_the_scale_and_the_other_steps()
    {
        using var scope = NewDisposeScope();
        var (bad, first) = Weight(1);
        var (good, second) = Weight(1);
        using var badly = first;
        using var well = second;
        var scaler = new GradScaler(init_scale: 2);
        bad.grad = tensor(float.PositiveInfinity);
        good.grad = tensor(2f);
        Assert.False(scaler.step(badly));
        Assert.True(scaler.step(well));
        Assert.Equal((1f, 0f), (bad.item<float>(), good.item<float>()));
        scaler.update();
        Assert.Equal(1, scaler.get_scale());
    }

    [Fact]
    public void Goes_on_from_a_saved_state()
    {
        using var scope = NewDisposeScope();
        var (weight, sgd) = Weight(0);
        using var optimizer = sgd;
        var first = new GradScaler(init_scale: 16, growth_factor: 4, backoff_factor: 0.125, growth_interval: 3);
        Step(first, 2);
        var state = first.state_dict();
        Assert.Equal(["_growth_tracker", "backoff_factor", "growth_factor", "growth_interval", "scale"], state.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((16, 2), (state["scale"], state["_growth_tracker"]));
        var second = new GradScaler();
        second.load_state_dict(state);
        Step(second, 1);
        Assert.Equal(64, second.get_scale());                       // the third finite step
        Assert.Throws<InvalidOperationException>(() => second.load_state_dict(new GradScaler(enabled: false).state_dict()));
        Assert.Equal(64, second.get_scale());

        void Step(GradScaler scaler, int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                weight.grad = tensor(1f);
                scaler.step(optimizer);
                scaler.update();
            }
        }
    }

    [Fact]
    public void Disabled_it_lets_everything_pass()
    {
        using var scope = NewDisposeScope();
        var (weight, sgd) = Weight(1);
        using var optimizer = sgd;
        var scaler = new GradScaler(enabled: false);
        var loss = weight * 2;
        Assert.Same(loss, scaler.scale(loss));
        loss.backward();
        scaler.unscale_(optimizer);
        scaler.unscale_(optimizer);
        Assert.True(scaler.step(optimizer));
        scaler.update();
        Assert.Equal(-1f, weight.item<float>());
        Assert.Equal(1, scaler.get_scale());
        Assert.Empty(scaler.state_dict());
    }

    [Fact]
    public void Refuses_what_cannot_work()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradScaler(growth_factor: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradScaler(backoff_factor: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradScaler(growth_interval: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradScaler(init_scale: 0));
        Assert.Throws<InvalidOperationException>(() => new GradScaler().update());
        var half = nn.Parameter(ones(1).to(float16));
        half.grad = ones(1).to(float16);
        using var sgd = optim.SGD([half], 0.1);
        Assert.Contains("float16", Assert.Throws<InvalidOperationException>(() => new GradScaler().step(sgd)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sets_the_scale_it_is_told()
    {
        var scaler = new GradScaler();
        Assert.Equal(65536, scaler.get_scale());
        scaler.update(32);
        Assert.Equal(32, scaler.get_scale());
    }

    private static (Parameter Weight, SGD Optimizer) Weight(float value)
    {
        var weight = nn.Parameter(tensor(value));
        return (weight, optim.SGD([weight], 1));
    }
}
