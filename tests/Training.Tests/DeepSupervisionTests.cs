using Osteon.Abstractions;

namespace Osteon.Training.Tests;

public sealed class DeepSupervisionTests
{
    [Theory]
    [InlineData(1, new[] { 1.0 })]
    [InlineData(2, new[] { 1.0, 0 })]
    [InlineData(4, new[] { 4.0 / 7, 2.0 / 7, 1.0 / 7, 0 })]
    public void Weights_halve_from_level_to_level_and_leave_out_the_coarsest(int levels, double[] expected)
    {
        var outputs = NetworkOutput.DeepSupervision(levels);
        Assert.Equal(expected, outputs.Select(o => o.Weight), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal(OutputKind.Logits, outputs[0].Kind);
        Assert.All(outputs.Skip(1), o => Assert.Equal(OutputKind.CoarseLogits, o.Kind));
    }
}
