namespace Osteon.Torch;

/// <summary>What becomes of an operator on a GPU when repeatable algorithms are asked for.</summary>
public enum Repeatability
{
    /// <summary>libtorch has, or then chooses, an algorithm that repeats itself.</summary>
    Native,

    /// <summary>libtorch has none for its gradient; called through its named function here, it has one of ours.</summary>
    Routed,

    /// <summary>There is none: libtorch throws, naming it.</summary>
    Refused,
}

/// <summary>The operators without a repeatable algorithm on a GPU.</summary>
/// <remarks>
/// From the lists in the documentation of torch.use_deterministic_algorithms, 1.13 to 2.9; refused is what any of them
/// refuses. Matrix products need CUBLAS_WORKSPACE_CONFIG besides, which is set when libtorch is loaded.
/// </remarks>
public static class NondeterministicOperators
{
    private static readonly HashSet<string> s_routed = new(StringComparer.Ordinal)
    {
        "upsample_linear1d", "upsample_bilinear2d", "upsample_bicubic2d", "upsample_trilinear3d",
        "reflection_pad1d", "reflection_pad2d", "reflection_pad3d", "replication_pad1d", "replication_pad2d", "replication_pad3d",
        "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "avg_pool3d", "max_pool3d", "max_pool3d_with_indices",
        "adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d", "cross_entropy_loss",
    };

    private static readonly HashSet<string> s_refused = new(StringComparer.Ordinal)
    {
        "fractional_max_pool2d", "fractional_max_pool3d", "max_unpool2d", "max_unpool3d", "nll_loss2d", "nll_loss_nd", "ctc_loss", "_ctc_loss",
        "embedding_bag", "put", "put_", "histc", "bincount", "kthvalue", "median", "nanmedian", "grid_sampler", "grid_sampler_2d", "grid_sampler_3d",
        "cumsum", "cumsum_", "scatter_reduce", "scatter_reduce_", "_upsample_bilinear2d_aa", "_upsample_bicubic2d_aa",
    };

    /// <summary>Of an operator by its schema's name, with or without the overload.</summary>
    public static Repeatability Of(string op)
    {
        var dot = op.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? op : op[..dot];
        return s_routed.Contains(name) ? Repeatability.Routed : s_refused.Contains(name) ? Repeatability.Refused : Repeatability.Native;
    }
}
