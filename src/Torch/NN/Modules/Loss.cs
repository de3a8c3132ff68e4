using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp;

/// <summary>A loss of an input and a target.</summary>
public abstract class Loss<T1, T2, TResult>(Reduction reduction) : Module<T1, T2, TResult>("Loss")
{
    public Reduction reduction { get; } = reduction;
}

/// <summary>A loss of three tensors.</summary>
public abstract class Loss<T1, T2, T3, TResult>(Reduction reduction) : Module<T1, T2, T3, TResult>("Loss")
{
    public Reduction reduction { get; } = reduction;
}

/// <summary>A loss of four tensors.</summary>
public abstract class Loss<T1, T2, T3, T4, TResult>(Reduction reduction) : Module<T1, T2, T3, T4, TResult>("Loss")
{
    public Reduction reduction { get; } = reduction;
}

/// <summary>A loss with a weight for each class or element, a buffer that is moved but not saved.</summary>
public abstract class WeightedLoss<T1, T2, TResult> : Loss<T1, T2, TResult>
{
    private protected WeightedLoss(Tensor? weight, Reduction reduction)
        : base(reduction)
    {
        this.weight = weight;
        register_buffer(nameof(weight), weight, persistent: false);
    }

    public Tensor? weight { get; }
}
