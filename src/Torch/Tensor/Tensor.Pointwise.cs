using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    // Functions of single elements; what follows are activations.
    public partial class Tensor
    {
        public Tensor absolute() => Aten.Call("absolute", this);

        public Tensor negative() => Aten.Call("negative", this);

        public Tensor positive() => Aten.Call("positive", this);

        public Tensor sgn() => Aten.Call("sgn", this);

        public Tensor acosh() => Aten.Call("acosh", this);

        public Tensor asinh() => Aten.Call("asinh", this);

        public Tensor atanh() => Aten.Call("atanh", this);

        public Tensor arccos() => Aten.Call("arccos", this);

        public Tensor arccosh() => Aten.Call("arccosh", this);

        public Tensor arcsin() => Aten.Call("arcsin", this);

        public Tensor arcsinh() => Aten.Call("arcsinh", this);

        public Tensor arctan() => Aten.Call("arctan", this);

        public Tensor arctanh() => Aten.Call("arctanh", this);

        public Tensor exp2() => Aten.Call("exp2", this);

        public Tensor deg2rad() => Aten.Call("deg2rad", this);

        public Tensor rad2deg() => Aten.Call("rad2deg", this);

        public Tensor digamma() => Aten.Call("digamma", this);

        public Tensor lgamma() => Aten.Call("lgamma", this);

        public Tensor logit(double? eps = null) => Aten.Call("logit", this, eps);

        public Tensor sinc() => Aten.Call("sinc", this);

        public Tensor i0() => Aten.Call("i0", this);

        public Tensor fix() => Aten.Call("fix", this);

        public Tensor signbit() => Aten.Call("signbit", this);

        public Tensor isneginf() => Aten.Call("isneginf", this);

        public Tensor isposinf() => Aten.Call("isposinf", this);

        public Tensor isreal() => Aten.Call("isreal", this);

        public Tensor clip(Scalar? min = null, Scalar? max = null) => Aten.Call("clip", this, min, max);

        public Tensor clamp_min(Scalar min) => Aten.Call("clamp_min", this, min);

        public Tensor clamp_max(Scalar max) => Aten.Call("clamp_max", this, max);

        public Tensor leaky_relu(Scalar negative_slope) => Aten.Call("leaky_relu", this, negative_slope);

        public Tensor selu() => Aten.Call("selu", this);

        public Tensor silu() => Aten.Call("silu", this);

        public Tensor hardswish() => Aten.Call("hardswish", this);

        public Tensor hardsigmoid() => Aten.Call("hardsigmoid", this);

        public Tensor glu(long dim = -1) => Aten.Call("glu", this, dim);

        public Tensor prelu(Tensor target) => Aten.Call("prelu", this, target);

        public Tensor celu() => Aten.Call("celu", this);

        public Tensor celu(Scalar alpha) => Aten.Call("celu", this, alpha);

        public Tensor relu6() => Aten.Call("relu6", this);

        public Tensor bernoulli(Generator? generator = null) => Aten.Call("bernoulli", this, generator);

        public Tensor elu(double alpha = 1) => nn.functional.elu(this, alpha);

        public Tensor softplus(double beta = 1, double threshold = 20) => nn.functional.softplus(this, beta, threshold);

        public Tensor hardtanh(Scalar min, Scalar max) => Aten.Call("hardtanh", this, min, max);

        public Tensor log_sigmoid() => nn.functional.logsigmoid(this);
    }
}
