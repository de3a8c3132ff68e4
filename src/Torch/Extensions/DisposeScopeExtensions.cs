using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>For results of several tensors, such as an encoder's feature maps.</summary>
public static class DisposeScopeExtensions
{
    /// <summary>Hands each tensor to the scope around the one that owns it.</summary>
    public static IReadOnlyList<Tensor> MoveToOuterDisposeScope(this IReadOnlyList<Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            tensor.MoveToOuterDisposeScope();
        }

        return tensors;
    }
}
