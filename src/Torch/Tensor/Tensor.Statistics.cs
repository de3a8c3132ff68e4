using System.Diagnostics.CodeAnalysis;
using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    // Reductions and rankings; those named nan… pass over NaN.
    public partial class Tensor
    {
        public Tensor nansum() => Aten.Call("nansum", this);

        public Tensor nanmedian() => Aten.Call("nanmedian", this);

        public Tensor nanquantile(Tensor q, long dim = -1, bool keepdim = false) => Aten.Call("nanquantile", this, q, dim, keepdim);

        public (Tensor, Tensor) mode(long dim = -1, bool keepdim = false) => Pair(Aten.CallMany("mode", this, dim, keepdim));

        public (Tensor, Tensor) aminmax(long? dim = null, bool keepdim = false) => Pair(Aten.CallMany("aminmax", this, dim, keepdim));

        public (Tensor, Tensor) cummax(long dim) => Pair(Aten.CallMany("cummax", this, dim));

        public (Tensor, Tensor) cummin(long dim) => Pair(Aten.CallMany("cummin", this, dim));

        public Tensor msort() => Aten.Call("msort", this);

        public Tensor argwhere() => Aten.Call("argwhere", this);

        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) => Aten.Call("isin.Tensor_Tensor", this, test_elements, assumeUnique, invert);

        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) => Aten.Call("bucketize.Tensor", this, boundaries, outInt32, right);

        public Tensor cov(long correction = 1, Tensor? fweights = null, Tensor? aweights = null) => Aten.Call("cov", this, correction, fweights, aweights);

        public Tensor corrcoef() => Aten.Call("corrcoef", this);

        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) => Aten.Call("multinomial", this, num_samples, replacement, generator);

        public Tensor nanmean(int? dim = null, bool keepdim = false, ScalarType? dtype = null) =>
            dim is { } d ? Aten.Call("nanmean", this, new[] { (long)d }, keepdim, dtype) : Aten.Call("nanmean", this, default, keepdim, dtype);

        public (Tensor values, Tensor indices) median(long dim, bool keepdim = false) => Pair(Aten.CallMany("median.dim", this, dim, keepdim));

        /// <summary>Counts of the elements in so many equal bins; over their own range when min equals max.</summary>
        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Aten.Call("histc", this, bins, (Scalar)min, (Scalar)max);

        /// <summary>Counts of 0, 1, …, minlength at least; with weights, their sums.</summary>
        public Tensor bincount(Tensor? weights, long minlength = 0) => Aten.Call("bincount", this, weights, minlength);

        /// <summary>Runs of equal elements as one each; where each went and how long each was, if asked for.</summary>
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique_consecutive(bool return_inverse = false, bool return_counts = false, long? dim = null) =>
            Asked(Aten.CallMany("unique_consecutive", this, return_inverse, return_counts, dim), return_inverse, return_counts);

        /// <summary>Distinct slices along a dimension; where each went and how often each came, if asked for.</summary>
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(long dim, bool sorted = true, bool return_inverse = false, bool return_counts = false) =>
            Asked(Aten.CallMany("unique_dim", this, dim, sorted, return_inverse, return_counts), return_inverse, return_counts);

        /// <summary>What was not asked for is freed.</summary>
        [SuppressMessage("Reliability", "CA2000", Justification = "The caller owns what is returned.")]
        private static (Tensor output, Tensor? inverse_indices, Tensor? counts) Asked(Tensor[] found, bool inverse, bool counts)
        {
            if (!inverse)
            {
                found[1].Dispose();
            }

            if (!counts)
            {
                found[2].Dispose();
            }

            return (found[0], inverse ? found[1] : null, counts ? found[2] : null);
        }
    }
}
