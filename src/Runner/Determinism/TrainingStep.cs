using Osteon.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Runner;

/// <summary>One step of training: a network, a batch, a loss, an update.</summary>
public sealed record TrainingStep<TNetwork>
    where TNetwork : nn.Module
{
    /// <summary>Builds the network from libtorch's generator; it is disposed after the step.</summary>
    public required Func<TNetwork> Build { get; init; }

    /// <summary>Images and targets, on the device.</summary>
    public required Func<(Tensor Images, Tensor Targets)> Batch { get; init; }

    /// <summary>A scalar of network, images and targets.</summary>
    public required Func<TNetwork, Tensor, Tensor, Tensor> Loss { get; init; }

    /// <summary>Updates the network's parameters from their gradients.</summary>
    public required Action<TNetwork> Update { get; init; }

    /// <summary>Where to compute.</summary>
    public required Device Device { get; init; }

    /// <summary>Of libtorch's generators, at the start and again before the step.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Takes the step once and tells every bit of it.</summary>
    /// <exception cref="TorchException">An operator has no repeatable algorithm on the device, and deterministic ones were asked for.</exception>
    public StepBits Run()
    {
        using var scope = NewDisposeScope();
        manual_seed(Seed);
        using var network = Build();
        network.to(Device);
        network.to_channels_last();
        network.train();
        var (images, targets) = Batch();
        manual_seed(Seed);
        using var trace = new BitTrace([.. network.named_parameters().Select(p => (p.name, (Tensor)p.parameter))]);
        var loss = Loss(network, images, targets);
        trace.Backward(loss);
        Update(network);
        using var unobserved = Aten.Observe(null);
        return new StepBits(
            trace.Operators, trace.Gradients, [.. network.state_dict().Select(entry => (entry.Key, BitTrace.Digest(entry.Value)))]);
    }
}

/// <summary>What a step computed.</summary>
/// <param name="Operators">Each call, forward and of the update.</param>
/// <param name="Gradients">Digests by number of value; null where there is none.</param>
/// <param name="Weights">Digests of the state dictionary after the update.</param>
public sealed record StepBits(IReadOnlyList<OperatorBits> Operators, IReadOnlyList<string?> Gradients, IReadOnlyList<(string Name, string Digest)> Weights);
