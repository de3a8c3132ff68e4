using static TorchSharp.torch;

namespace Osteon.Plugins.Losses.Segmentation;

/// <summary>What becomes of a loss's elements. Only <see cref="Mean"/> and <see cref="Sum"/> leave one number, as training needs.</summary>
public enum LossReduction
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>They stay.</summary>
    None,

    /// <summary>SMP's name for the sum over the first axis.</summary>
    BatchwiseMean,
}

/// <summary>Reductions of tensors.</summary>
internal static class LossReductionExtensions
{
    public static Tensor Of(this LossReduction reduction, Tensor elements) => reduction switch
    {
        LossReduction.Mean => elements.mean(),
        LossReduction.Sum => elements.sum(),
        LossReduction.BatchwiseMean => elements.sum([0]),
        _ => elements,
    };
}
