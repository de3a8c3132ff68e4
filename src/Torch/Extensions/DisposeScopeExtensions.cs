namespace TorchSharp;

/// <summary>For results of several tensors, such as an encoder's feature maps.</summary>
public static class DisposeScopeExtensions
{
    /// <summary>Hands each tensor to the scope around the one that owns it.</summary>
    public static IReadOnlyList<torch.Tensor> MoveToOuterDisposeScope(this IReadOnlyList<torch.Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            tensor.MoveToOuterDisposeScope();
        }

        return tensors;
    }
}
