using Osteon.Runner;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Runner.Tests.Determinism;

/// <summary>A small step that repeats itself, and the same with something in it that does not.</summary>
public sealed class DeterminismReportTests
{
    [Fact]
    public void A_step_that_repeats_itself_has_no_culprit()
    {
        var report = Report(x => x);
        Assert.True(report.Repeats, string.Join('\n', report.Lines()));
        Assert.Contains(report.Lines(), line => line.Contains("conv2d", StringComparison.Ordinal) && line.Contains("same", StringComparison.Ordinal));
        Assert.Contains(report.Lines(), line => line.Contains("upsample_bilinear2d", StringComparison.Ordinal) && line.EndsWith("gradient of our own", StringComparison.Ordinal));
    }

    [Fact]
    public void A_value_that_differs_is_told_of_the_operator_that_made_it_and_not_of_those_behind()
    {
        var drawn = 0;
        var culprit = Assert.Single(Report(x => x.sin().mul(++drawn)).Culprits);
        Assert.Equal(("mul.Scalar", Direction.Forward), (culprit.Operator, culprit.Direction));
        Assert.Contains("conv1.bias", culprit.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gradient_that_differs_is_told_of_the_operator_it_came_through()
    {
        // Times 0 forward, whatever it is; backward it is what the gradient is multiplied by.
        var drawn = 0;
        var culprit = Assert.Single(Report(x => x + (x - x.detach()).mul(++drawn)).Culprits);
        Assert.Equal(("mul.Scalar", Direction.Backward), (culprit.Operator, culprit.Direction));
    }

    [Fact]
    public void An_update_that_differs_is_told_of_its_operator()
    {
        var drawn = 0;
        var report = DeterminismReport.Of("small", (Step(x => x) with { Update = network => Shift(network, ++drawn) }).Run, 3);
        Assert.Equal("add_.Scalar", Assert.Single(report.Culprits.Select(culprit => culprit.Operator).Distinct()));
    }

    [Fact]
    public void Another_path_is_told_where_it_leaves_the_first()
    {
        var drawn = 0;
        var culprit = Assert.Single(Report(x => ++drawn == 1 ? x.sin() : x.cos()).Culprits);
        Assert.Equal("sin", culprit.Operator);
        Assert.Contains("another cos", culprit.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void Chance_from_libtorchs_generator_repeats_itself() => Assert.True(Report(x => functional.dropout(x, 0.5)).Repeats);

    [Fact]
    public void An_operator_that_libtorch_refuses_is_told_by_name()
    {
        // The words of libtorch 1.13 to 2.9 on a GPU.
        var report = Report(_ => throw new Torch.TorchException("kthvalue CUDA does not have a deterministic implementation, but you set 'torch.use_deterministic_algorithms(True)'. You can turn"));
        Assert.False(report.Repeats);
        Assert.Contains(report.Lines(), line => line.Contains("kthvalue", StringComparison.Ordinal));
    }

    private static DeterminismReport Report(Func<Tensor, Tensor> part) => DeterminismReport.Of("small", Step(part).Run, 2);

    private static TrainingStep<Small> Step(Func<Tensor, Tensor> part) => new()
    {
        Build = () => new Small(part),
        Batch = () => (rand([2, 1, 8, 8]), rand([2, 2, 8, 8]).ge(0.5).to(ScalarType.Float32)),
        Loss = (network, images, targets) => functional.binary_cross_entropy_with_logits(network.call(images), targets),
        Update = network =>
        {
            using var optimizer = optim.AdamW(network.parameters());
            optimizer.step();
        },
        Device = CPU,
    };

    private static void Shift(Module<Tensor, Tensor> network, double by)
    {
        using var frozen = no_grad();
        foreach (var parameter in network.parameters())
        {
            parameter.add_(by);
        }
    }

    private sealed class Small : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1 = Conv2d(1, 4, 3, stride: 2, padding: 1);
        private readonly BatchNorm2d bn1 = BatchNorm2d(4);
        private readonly Conv2d conv2 = Conv2d(4, 2, 1);
        private readonly Func<Tensor, Tensor> _part;

        public Small(Func<Tensor, Tensor> part)
            : base("small")
        {
            _part = part;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var x = _part(conv1.forward(input));
            x = functional.relu(bn1.forward(x), inplace: true);
            return functional.interpolate(conv2.forward(x) + conv2.forward(x * 2), scale_factor: [2], mode: InterpolationMode.Bilinear);
        }
    }
}
