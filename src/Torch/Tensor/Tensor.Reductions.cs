using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Aten.Call("sum", this, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Aten.Call("sum.dim_IntList", this, dim, keepdim, type);

        public Tensor mean() => Aten.Call("mean", this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => Aten.Call("mean.dim", this, dimensions, keepdim, type);

        public Tensor max() => Aten.Call("max", this);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Pair(Aten.CallMany("max.dim", this, dim, keepdim));

        public Tensor min() => Aten.Call("min", this);

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Pair(Aten.CallMany("min.dim", this, dim, keepdim));

        public Tensor amax(long[] dims, bool keepdim = false) => Aten.Call("amax", this, dims, keepdim);

        public Tensor amin(long[] dims, bool keepdim = false) => Aten.Call("amin", this, dims, keepdim);

        public Tensor argmax() => Aten.Call("argmax", this);

        public Tensor argmax(long dim, bool keepdim = false) => Aten.Call("argmax", this, dim, keepdim);

        public Tensor argmin() => Aten.Call("argmin", this);

        public Tensor argmin(long dim, bool keepdim = false) => Aten.Call("argmin", this, dim, keepdim);

        /// <summary>Standard deviation; unbiased divides by n − 1.</summary>
        public Tensor std(bool unbiased = true) => Aten.Call("std", this, unbiased);

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false) => Aten.Call("std.dim", this, dimensions, unbiased, keepdim);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false) => std([dim], unbiased, keepdim);

        /// <summary>Variance; unbiased divides by n − 1.</summary>
        public Tensor var(bool unbiased = true) => Aten.Call("var", this, unbiased);

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false) => Aten.Call("var.dim", this, dimensions, unbiased, keepdim);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false) => var([dim], unbiased, keepdim);

        /// <summary>The p-norm of all elements.</summary>
        public Tensor norm(float p = 2f) => Aten.Call("norm.Scalar", this, (double)p);

        public Tensor norm(long dim, bool keepdim = false, float p = 2f) => Aten.Call("norm.ScalarOpt_dim", this, (double)p, new[] { dim }, keepdim);

        public Tensor prod() => Aten.Call("prod", this);

        public Tensor cumsum(long dim) => Aten.Call("cumsum", this, dim);

        public Tensor all() => Aten.Call("all", this);

        public Tensor any() => Aten.Call("any", this);

        public Tensor count_nonzero() => Aten.Call("count_nonzero", this);

        public Tensor bincount() => Aten.Call("bincount", this);

        public (Tensor values, Tensor indices) sort(long dim = -1, bool descending = false) => Pair(Aten.CallMany("sort", this, dim, descending));

        public (Tensor values, Tensor indices) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Pair(Aten.CallMany("topk", this, k, dim, largest, sorted));

        private static (Tensor First, Tensor Second) Pair(Tensor[] tensors) => (tensors[0], tensors[1]);
    }
}
