namespace Osteon.Torch;

/// <summary>
/// Memory ran out, the CPU's or a GPU's: libtorch's own text, what was called with the arguments' types and shapes, and how
/// much tensors hold. What nobody holds had been collected and a GPU's cache emptied before the call was tried a second time;
/// calls that change an argument, and backward, are not tried again.
/// </summary>
public sealed class TorchOutOfMemoryException(string message)
    : OutOfMemoryException($"{message}\n  with {TensorMemory.Count} live tensors that hold {TensorMemory.Bytes >> 20} MiB");
