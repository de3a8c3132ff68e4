using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Puts values of (N, C, L) back where they were pooled from; zeros elsewhere.</summary>
public sealed class MaxUnpool1d : Module<Tensor, Tensor, long[]?, Tensor>
{
    internal MaxUnpool1d(long kernel_size, long? stride, long? padding)
        : base(nameof(MaxUnpool1d)) => (this.kernel_size, this.stride, this.padding) = (kernel_size, stride, padding);

    public long kernel_size { get; }

    public long? stride { get; }

    public long? padding { get; }

    /// <param name="tensor">What was pooled.</param>
    /// <param name="indices">Where from, as <see cref="functional.max_pool1d_with_indices"/> tells.</param>
    /// <param name="output_size">(L); null: the least that may have been pooled.</param>
    public override Tensor forward(Tensor tensor, Tensor indices, long[]? output_size = null) =>
        functional.max_unpool1d(tensor, indices, kernel_size, stride, padding, output_size);

    public new Tensor call(Tensor tensor, Tensor indices, long[]? output_size = null) => base.call(tensor, indices, output_size);
}

/// <summary>Puts values of (N, C, H, W) back where they were pooled from, as SegNet does (arXiv:1511.00561); zeros elsewhere.</summary>
public sealed class MaxUnpool2d : Module<Tensor, Tensor, long[]?, Tensor>
{
    internal MaxUnpool2d(long[] kernel_size, long[]? stride, long[]? padding)
        : base(nameof(MaxUnpool2d)) => (this.kernel_size, this.stride, this.padding) = (kernel_size, stride, padding);

    public long[] kernel_size { get; }

    public long[]? stride { get; }

    public long[]? padding { get; }

    /// <param name="tensor">What was pooled.</param>
    /// <param name="indices">Where from, as <see cref="functional.max_pool2d_with_indices"/> tells.</param>
    /// <param name="output_size">(H, W); null: the least that may have been pooled.</param>
    public override Tensor forward(Tensor tensor, Tensor indices, long[]? output_size = null) =>
        functional.max_unpool2d(tensor, indices, kernel_size, stride, padding, output_size);

    public new Tensor call(Tensor tensor, Tensor indices, long[]? output_size = null) => base.call(tensor, indices, output_size);
}

/// <summary>Puts values of (N, C, D, H, W) back where they were pooled from; zeros elsewhere.</summary>
public sealed class MaxUnpool3d : Module<Tensor, Tensor, long[]?, Tensor>
{
    internal MaxUnpool3d(long[] kernel_size, long[]? stride, long[]? padding)
        : base(nameof(MaxUnpool3d)) => (this.kernel_size, this.stride, this.padding) = (kernel_size, stride, padding);

    public long[] kernel_size { get; }

    public long[]? stride { get; }

    public long[]? padding { get; }

    /// <param name="tensor">What was pooled.</param>
    /// <param name="indices">Where from, as <see cref="functional.max_pool3d_with_indices"/> tells.</param>
    /// <param name="output_size">(D, H, W); null: the least that may have been pooled.</param>
    public override Tensor forward(Tensor tensor, Tensor indices, long[]? output_size = null) =>
        functional.max_unpool3d(tensor, indices, kernel_size, stride, padding, output_size);

    public new Tensor call(Tensor tensor, Tensor indices, long[]? output_size = null) => base.call(tensor, indices, output_size);
}
