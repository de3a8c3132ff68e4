namespace TorchSharp;

public static partial class torch
{
    // Each changes this tensor, element by element, and returns it.
    public partial class Tensor
    {
        public Tensor absolute_() => InPlace("absolute_");

        public Tensor acos_() => InPlace("acos_");

        public Tensor acosh_() => InPlace("acosh_");

        public Tensor asin_() => InPlace("asin_");

        public Tensor asinh_() => InPlace("asinh_");

        public Tensor atan_() => InPlace("atan_");

        public Tensor atanh_() => InPlace("atanh_");

        public Tensor ceil_() => InPlace("ceil_");

        public Tensor cos_() => InPlace("cos_");

        public Tensor cosh_() => InPlace("cosh_");

        public Tensor deg2rad_() => InPlace("deg2rad_");

        public Tensor rad2deg_() => InPlace("rad2deg_");

        public Tensor digamma_() => InPlace("digamma_");

        public Tensor erf_() => InPlace("erf_");

        public Tensor erfc_() => InPlace("erfc_");

        public Tensor erfinv_() => InPlace("erfinv_");

        public Tensor exp2_() => InPlace("exp2_");

        public Tensor expm1_() => InPlace("expm1_");

        public Tensor floor_() => InPlace("floor_");

        public Tensor frac_() => InPlace("frac_");

        public Tensor lgamma_() => InPlace("lgamma_");

        public Tensor log10_() => InPlace("log10_");

        public Tensor log1p_() => InPlace("log1p_");

        public Tensor log2_() => InPlace("log2_");

        public Tensor logit_(double? eps = null) => InPlace("logit_", eps);

        public Tensor round_(long decimals = 0) => InPlace("round_.decimals", decimals);

        public Tensor rsqrt_() => InPlace("rsqrt_");

        public Tensor sgn_() => InPlace("sgn_");

        public Tensor sign_() => InPlace("sign_");

        public Tensor sin_() => InPlace("sin_");

        public Tensor sinc_() => InPlace("sinc_");

        public Tensor sinh_() => InPlace("sinh_");

        public Tensor tan_() => InPlace("tan_");

        public Tensor tanh_() => InPlace("tanh_");

        public Tensor trunc_() => InPlace("trunc_");

        public Tensor clamp_min_(Scalar min) => InPlace("clamp_min_", min);

        public Tensor clamp_max_(Scalar max) => InPlace("clamp_max_", max);

        public Tensor nan_to_num_(double nan = 0, double? posinf = null, double? neginf = null) => InPlace("nan_to_num_", nan, posinf, neginf);

        public Tensor relu6_() => InPlace("relu6_");

        public Tensor selu_() => InPlace("selu_");

        public Tensor silu_() => InPlace("silu_");

        public Tensor leaky_relu_(Scalar negative_slope) => InPlace("leaky_relu_", negative_slope);

        public Tensor hardswish_() => InPlace("hardswish_");

        public Tensor hardsigmoid_() => InPlace("hardsigmoid_");
    }
}
