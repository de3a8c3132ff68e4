using System.Diagnostics.CodeAnalysis;
using System.Text;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>An optimiser's state as one tensor of bytes, in the layout of TorchSharp's package, which names no parts of it.</summary>
public static class OptimizerTensors
{
    private const string Key = "torchsharp";

    /// <summary>A copy of the state, learning rates included. The caller disposes it.</summary>
    public static Dictionary<string, Tensor> state_dict(this optim.Optimizer optimizer)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            Helper(optimizer).save_state_dict(writer);
        }

        return new Dictionary<string, Tensor> { [Key] = tensor(bytes.ToArray()) };
    }

    /// <summary>Puts a saved state in the place of this one.</summary>
    /// <exception cref="InvalidOperationException">The state is not this package's.</exception>
    public static void load_state_dict(this optim.Optimizer optimizer, IReadOnlyDictionary<string, Tensor> state)
    {
        if (!state.TryGetValue(Key, out var saved))
        {
            throw new InvalidOperationException($"The state holds {string.Join(", ", state.Keys.Take(3))}, …, as a build without UseTorchSharp writes it, and no '{Key}'; go on with such a build (docs/torchsharp.md).");
        }

        using var reader = new BinaryReader(new MemoryStream(saved.bytes.ToArray()));
        Helper(optimizer).load_state_dict(reader);
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "It is the caller's.")]
    private static OptimizerHelper Helper(optim.Optimizer optimizer) => optimizer as OptimizerHelper
        ?? throw new InvalidOperationException($"{optimizer.GetType().Name} has no state that can be saved.");
}
