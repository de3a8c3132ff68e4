using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Torch.Tests;

public sealed class DropPathTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Drops_whole_samples_and_scales_the_others()
    {
        manual_seed(3);
        using var layer = new DropPath(0.25);
        var kept = layer.forward(ones(4000, 2, 3)).view(4000, 6);
        Assert.True(kept.amin([1]).equal(kept.amax([1])));
        Assert.Equal([0f, 1 / 0.75f], kept.unique().output.data<float>().ToArray());

        // Six standard deviations, sqrt(p (1 - p) / n), of the share kept.
        Assert.Equal(0.75, (kept.select(1, 0) > 0).sum().item<long>() / 4000.0, 0.041);
    }

    [Fact]
    public void Passes_everything_on_when_not_training()
    {
        using var layer = new DropPath(0.9);
        layer.eval();
        var x = Parity.Wave([5, 3]);
        Assert.True(layer.forward(x).equal(x));
    }

    [Fact]
    public void Sends_gradients_to_kept_samples_only()
    {
        manual_seed(3);
        using var layer = new DropPath(0.5, scale_by_keep: false);
        var x = ones([64, 2], requires_grad: true);
        var y = layer.forward(x);
        y.sum().backward();
        Assert.True(x.grad!.equal(y));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void Refuses_what_is_no_share(double share) => Assert.Throws<ArgumentOutOfRangeException>(() => new DropPath(share));
}
