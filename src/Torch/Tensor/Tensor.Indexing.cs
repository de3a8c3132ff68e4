using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    // Copies with some elements exchanged, moved or chosen.
    public partial class Tensor
    {
        public Tensor scatter(long dim, Tensor index, Tensor src) => Aten.Call("scatter.src", this, dim, index, src);

        public Tensor scatter(long dim, Tensor index, Scalar value) => Aten.Call("scatter.value", this, dim, index, value);

        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Aten.Call("scatter_add", this, dim, index, src);

        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => InPlace("scatter_add_", dim, index, src);

        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => Aten.Call("index_add", this, dim, index, source, alpha);

        /// <summary>Values at positions; null takes a whole dimension.</summary>
        public Tensor index_put(Tensor value, params Tensor?[] indices) => Aten.Call("index_put", this, Argument.Optional(indices), value);

        public Tensor index_put_(Tensor value, params Tensor?[] indices) => InPlace("index_put_", Argument.Optional(indices), value);

        /// <summary>As index_put, adding where accumulate holds; positions may repeat.</summary>
        public Tensor index_put_(Tensor value, Tensor?[] indices, bool accumulate) => InPlace("index_put_", Argument.Optional(indices), value, accumulate);

        public Tensor masked_scatter(Tensor mask, Tensor value) => Aten.Call("masked_scatter", this, mask, value);

        public Tensor take_along_dim(Tensor indices, long dim) => Aten.Call("take_along_dim", this, indices, dim);

        public Tensor roll(long shifts, long? dims = null) => Aten.Call("roll", this, new[] { shifts }, dims is { } d ? new[] { d } : []);

        public Tensor roll((long, long) shifts, (long, long) dims) => roll([shifts.Item1, shifts.Item2], [dims.Item1, dims.Item2]);

        public Tensor fliplr() => flip(1);

        public Tensor flipud() => flip(0);

        public Tensor tile(params long[] reps) => Aten.Call("tile", this, reps);

        public Tensor repeat_interleave(Tensor repeats, long? dim = null) => Aten.Call("repeat_interleave.self_Tensor", this, repeats, dim);

        public Tensor movedim(long[] source, long[] destination) => Aten.Call("movedim.intlist", this, source, destination);

        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor unflatten(long dim, params long[] sizes) => view([.. shape[..(int)(dim < 0 ? dim + ndim : dim)], .. sizes, .. shape[(int)((dim < 0 ? dim + ndim : dim) + 1)..]]);

        /// <summary>Sliding windows over a dimension, a view with the window as a last dimension.</summary>
        public Tensor unfold(long dimension, long size, long step) => Aten.Call("unfold", this, dimension, size, step);

        public Tensor[] tensor_split(long size, long dim = 0) => Aten.CallMany("tensor_split.sections", this, size, dim);

        public Tensor argsort(long dim = -1, bool descending = false) => Aten.Call("argsort", this, dim, descending);

        /// <summary>The k-th smallest, counted from 1.</summary>
        public (Tensor values, Tensor indices) kthvalue(long k, long dim = -1, bool keepdim = false) => Pair(Aten.CallMany("kthvalue", this, k, dim, keepdim));

        /// <summary>Distinct elements; where each went and how often each came, if asked for.</summary>
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(bool sorted = true, bool return_inverse = false, bool return_counts = false) =>
            Asked(Aten.CallMany("_unique2", this, sorted, return_inverse, return_counts), return_inverse, return_counts);
    }

    public static Tensor gather(Tensor input, long dim, Tensor index) => input.gather(dim, index);

    public static Tensor scatter(Tensor input, long dim, Tensor index, Tensor src) => input.scatter(dim, index, src);

    public static Tensor index_select(Tensor input, long dim, Tensor index) => input.index_select(dim, index);

    public static Tensor masked_select(Tensor input, Tensor mask) => input.masked_select(mask);

    public static Tensor nonzero(Tensor input) => input.nonzero();

    public static Tensor roll(Tensor input, long[] shifts, long[] dims) => input.roll(shifts, dims);

    public static Tensor flip(Tensor input, params long[] dims) => input.flip(dims);

    public static Tensor tile(Tensor input, params long[] dims) => input.tile(dims);

    public static Tensor tril(Tensor input, long diagonal = 0) => input.tril(diagonal);

    public static Tensor triu(Tensor input, long diagonal = 0) => input.triu(diagonal);

    public static Tensor[] chunk(Tensor input, long chunks, long dim = 0) => input.chunk(chunks, dim);

    public static Tensor[] split(Tensor tensor, long split_size_or_sections, long dim = 0) => tensor.split(split_size_or_sections, dim);

    public static Tensor[] split(Tensor tensor, long[] split_size_or_sections, long dim = 0) => tensor.split(split_size_or_sections, dim);

    public static Tensor[] unbind(Tensor input, long dimension = 0) => input.unbind(dimension);

    public static Tensor outer(Tensor input, Tensor vec2) => input.outer(vec2);

    public static Tensor addmm(Tensor input, Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => input.addmm(mat1, mat2, beta, alpha);

    public static Tensor baddbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => input.baddbmm(batch1, batch2, beta, alpha);

    public static Tensor logsumexp(Tensor input, long dim, bool keepdim = false) => input.logsumexp(dim, keepdim);

    public static Tensor tanh(Tensor input) => input.tanh();

    public static Tensor erf(Tensor input) => input.erf();

    public static Tensor rsqrt(Tensor input) => input.rsqrt();

    public static Tensor round(Tensor input) => input.round();

    public static Tensor floor(Tensor input) => input.floor();

    public static Tensor ceil(Tensor input) => input.ceil();

    public static Tensor std(Tensor input, bool unbiased = true) => input.std(unbiased);

    public static Tensor var(Tensor input, bool unbiased = true) => input.var(unbiased);

    public static Tensor cumsum(Tensor input, long dim) => input.cumsum(dim);

    public static Tensor any(Tensor input) => input.any();

    public static Tensor all(Tensor input) => input.all();
}
