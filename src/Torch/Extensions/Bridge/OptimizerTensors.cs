using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>An optimiser's state as tensors by name, for checkpoints that any program can read.</summary>
public static class OptimizerTensors
{
    /// <summary>Copies of the state: "0.exp_avg" for the first parameter's, "0.step" its updates as int64. The caller disposes them.</summary>
    public static Dictionary<string, Tensor> state_dict(this optim.Optimizer optimizer) => optimizer.SaveState();

    /// <summary>Puts a saved state in the place of this one. Learning rates are not part of it.</summary>
    /// <exception cref="InvalidOperationException">A key or shape does not fit; nothing was loaded.</exception>
    public static void load_state_dict(this optim.Optimizer optimizer, IReadOnlyDictionary<string, Tensor> state) => optimizer.LoadState(state);
}
