using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    // Each changes this tensor and returns it.
    public partial class Tensor
    {
        public Tensor abs_() => InPlace("abs_");

        public Tensor exp_() => InPlace("exp_");

        public Tensor log_() => InPlace("log_");

        public Tensor sqrt_() => InPlace("sqrt_");

        public Tensor sigmoid_() => InPlace("sigmoid_");

        public Tensor relu_() => InPlace("relu_");

        public Tensor neg_() => InPlace("neg_");

        public Tensor reciprocal_() => InPlace("reciprocal_");

        public Tensor zero_() => InPlace("zero_");

        public Tensor add_(Tensor target) => InPlace("add_.Tensor", target);

        public Tensor add_(Tensor target, Scalar alpha) => InPlace("add_.Tensor", target, alpha);

        public Tensor add_(Scalar scalar) => InPlace("add_.Scalar", scalar);

        public Tensor add_(Scalar scalar, Scalar alpha) => InPlace("add_.Scalar", scalar, alpha);

        public Tensor sub_(Tensor target) => InPlace("sub_.Tensor", target);

        public Tensor sub_(Tensor target, Scalar alpha) => InPlace("sub_.Tensor", target, alpha);

        public Tensor sub_(Scalar target) => InPlace("sub_.Scalar", target);

        public Tensor sub_(Scalar target, Scalar alpha) => InPlace("sub_.Scalar", target, alpha);

        public Tensor mul_(Tensor target) => InPlace("mul_.Tensor", target);

        public Tensor mul_(Scalar target) => InPlace("mul_.Scalar", target);

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => InPlace("div_.Tensor_mode", target, NameOf(rounding_mode));

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => InPlace("div_.Scalar_mode", target, NameOf(rounding_mode));

        public Tensor pow_(Scalar exponent) => InPlace("pow_.Scalar", exponent);

        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => InPlace("clamp_", min, max);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => InPlace("addcmul_", tensor1, tensor2, value);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => InPlace("addcdiv_", tensor1, tensor2, value);

        public Tensor lerp_(Tensor end, Scalar weight) => InPlace("lerp_.Scalar", end, weight);

        public Tensor fill_(Scalar value) => InPlace("fill_.Scalar", value);

        public Tensor masked_fill_(Tensor mask, Scalar value) => InPlace("masked_fill_.Scalar", mask, value);

        public Tensor copy_(Tensor source, bool nonBlocking = false) => InPlace("copy_", source, nonBlocking);

        public Tensor index_copy_(long dim, Tensor index, Tensor source) => InPlace("index_copy_", dim, index, source);

        public Tensor scatter_(long dim, Tensor index, Tensor src) => InPlace("scatter_.src", dim, index, src);

        public Tensor scatter_(long dim, Tensor index, Scalar value) => InPlace("scatter_.value", dim, index, value);

        public Tensor uniform_(double from, double to, Generator? generator = null) => InPlace("uniform_", from, to, generator);

        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) => InPlace("normal_", mean, std, generator);

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => InPlace("bernoulli_.float", p, generator);

        private Tensor InPlace(string op, params ReadOnlySpan<Argument> rest)
        {
            switch (rest.Length)
            {
                case 0: Aten.Run(op, this); break;
                case 1: Aten.Run(op, this, rest[0]); break;
                case 2: Aten.Run(op, this, rest[0], rest[1]); break;
                default: Aten.Run(op, this, rest[0], rest[1], rest[2]); break;
            }

            return this;
        }
    }
}
