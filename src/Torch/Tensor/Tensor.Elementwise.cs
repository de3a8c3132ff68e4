using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    // Further functions of elements, and reductions of them.
    public partial class Tensor
    {
        public Tensor tan() => Aten.Call("tan", this);

        public Tensor asin() => Aten.Call("asin", this);

        public Tensor acos() => Aten.Call("acos", this);

        public Tensor atan() => Aten.Call("atan", this);

        public Tensor atan2(Tensor other) => Aten.Call("atan2", this, other);

        public Tensor sinh() => Aten.Call("sinh", this);

        public Tensor cosh() => Aten.Call("cosh", this);

        public Tensor erfc() => Aten.Call("erfc", this);

        public Tensor erfinv() => Aten.Call("erfinv", this);

        public Tensor expm1() => Aten.Call("expm1", this);

        public Tensor log10() => Aten.Call("log10", this);

        public Tensor trunc() => Aten.Call("trunc", this);

        public Tensor frac() => Aten.Call("frac", this);

        public Tensor round(long decimals) => Aten.Call("round.decimals", this, decimals);

        public Tensor max(Tensor other) => maximum(other);

        public Tensor min(Tensor other) => minimum(other);

        public Tensor remainder(Tensor target) => Aten.Call("remainder.Tensor", this, target);

        public Tensor remainder(Scalar scalar) => Aten.Call("remainder.Scalar", this, scalar);

        public Tensor fmod(Tensor target) => Aten.Call("fmod.Tensor", this, target);

        public Tensor fmod(Scalar scalar) => Aten.Call("fmod.Scalar", this, scalar);

        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) => Aten.Call("nan_to_num", this, nan, posinf, neginf);

        public Tensor masked_fill(Tensor mask, Tensor value) => Aten.Call("masked_fill.Tensor", this, mask, value);

        public Tensor bitwise_and(Tensor other) => Aten.Call("bitwise_and.Tensor", this, other);

        public Tensor bitwise_or(Tensor other) => Aten.Call("bitwise_or.Tensor", this, other);

        public Tensor bitwise_xor(Tensor other) => Aten.Call("bitwise_xor.Tensor", this, other);

        public Tensor bitwise_not() => Aten.Call("bitwise_not", this);

        public Tensor bitwise_left_shift(Tensor other) => Aten.Call("bitwise_left_shift.Tensor", this, other);

        public Tensor bitwise_right_shift(Tensor other) => Aten.Call("bitwise_right_shift.Tensor", this, other);

        public Tensor logical_xor(Tensor other) => Aten.Call("logical_xor", this, other);

        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) => Aten.Call("isclose", this, other, rtol, atol, nanEqual);

        public Tensor gelu() => nn.functional.gelu(this);

        public Tensor gelu(Modules.GELU.Approximate approximate) => nn.functional.gelu(this, approximate);

        public Tensor logsumexp(long dim, bool keepdim = false) => Aten.Call("logsumexp", this, new[] { dim }, keepdim);

        public Tensor logcumsumexp(long dim) => Aten.Call("logcumsumexp", this, dim);

        public Tensor cumprod(long dim) => Aten.Call("cumprod", this, dim);

        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) => Aten.Call("prod.dim_int", this, dim, keepdim, type);

        public Tensor all(long dim, bool keepdim = false) => Aten.Call("all.dim", this, dim, keepdim);

        public Tensor any(long dim, bool keepdim = false) => Aten.Call("any.dim", this, dim, keepdim);

        public Tensor median() => Aten.Call("median", this);

        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => Aten.Call("quantile", this, q, dim, keepdim);

        public Tensor diff(long n = 1, long dim = -1) => Aten.Call("diff", this, n, dim);

        public (Tensor std, Tensor mean) std_mean(bool unbiased = true) => Pair(Aten.CallMany("std_mean", this, unbiased));

        public (Tensor std, Tensor mean) std_mean(long[] dimensions, bool unbiased = true, bool keepdim = false) => Pair(Aten.CallMany("std_mean.dim", this, dimensions, unbiased, keepdim));

        public (Tensor @var, Tensor mean) var_mean(bool unbiased = true) => Pair(Aten.CallMany("var_mean", this, unbiased));

        public (Tensor @var, Tensor mean) var_mean(long[] dimensions, bool unbiased = true, bool keepdim = false) => Pair(Aten.CallMany("var_mean.dim", this, dimensions, unbiased, keepdim));
    }
}
