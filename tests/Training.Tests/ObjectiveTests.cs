using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Training.Tests;

/// <summary>Networks of several outputs: the sum of their losses by weight.</summary>
public sealed class ObjectiveTests : IDisposable
{
    private readonly Discs _discs = new();

    public void Dispose() => _discs.Dispose();

    // BCE of logit 0 is ln 2 whatever the target; of logit z for target 1, ln(1 + e^−z).
    [Fact]
    public void Adds_outputs_by_their_weight()
    {
        using var scope = NewDisposeScope();
        var targets = ones(1, 2, 4, 4);
        var loss = Objective.Of(_discs.Job(), [NetworkOutput.Main, new(OutputKind.Logits, 0.5), new(OutputKind.CoarseLogits, 0.25)],
            [zeros(1, 2, 4, 4), ones(1, 2, 2, 2), full([1, 2, 1, 1], -1f)], targets);
        Assert.Equal(Math.Log(2) + (0.5 * Math.Log(1 + Math.Exp(-1))) + (0.25 * Math.Log(1 + Math.E)), loss.item<float>(), 1e-6);
    }

    [Fact]
    public void Reduces_labels_to_a_coarse_level_by_the_nearest_pixel()
    {
        using var scope = NewDisposeScope();
        var targets = tensor([0f, 0, 1, 0, 0, 0, 0, 0], [1, 1, 2, 4]);      // the one of its square that is kept
        var loss = Objective.Of(_discs.Job(), [new(OutputKind.CoarseLogits)], [tensor([-20f, 20], [1, 1, 1, 2])], targets);
        Assert.Equal(0, loss.item<float>(), 1e-6);
    }

    [Fact]
    public void Tells_a_classifier_which_classes_occur()
    {
        using var scope = NewDisposeScope();
        var targets = tensor([0f, 0, 0, 0, 0, 0, 0, 1], [1, 2, 2, 2]);
        var loss = Objective.Of(_discs.Job(), [new(OutputKind.Presence)], [tensor([-20f, 20], [1, 2])], targets);
        Assert.Equal(0, loss.item<float>(), 1e-6);
    }
}
