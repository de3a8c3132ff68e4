namespace TorchSharp;

public static partial class torch
{
    // Each changes this tensor by another, or by chance, and returns it.
    public partial class Tensor
    {
        public Tensor arctan2_(Tensor other) => InPlace("arctan2_", other);

        public Tensor atan2_(Tensor other) => InPlace("atan2_", other);

        public Tensor copysign_(Tensor other) => InPlace("copysign_.Tensor", other);

        public Tensor heaviside_(Tensor other) => InPlace("heaviside_", other);

        public Tensor xlogy_(Tensor y) => InPlace("xlogy_.Tensor", y);

        public Tensor xlogy_(Scalar y) => InPlace("xlogy_.Scalar_Other", y);

        public Tensor floor_divide_(Tensor other) => InPlace("floor_divide_.Tensor", other);

        public Tensor floor_divide_(Scalar other) => InPlace("floor_divide_.Scalar", other);

        public Tensor float_power_(Tensor target) => InPlace("float_power_.Tensor", target);

        public Tensor fmod_(Tensor target) => InPlace("fmod_.Tensor", target);

        public Tensor fmod_(Scalar scalar) => InPlace("fmod_.Scalar", scalar);

        public Tensor remainder_(Tensor target) => InPlace("remainder_.Tensor", target);

        public Tensor remainder_(Scalar scalar) => InPlace("remainder_.Scalar", scalar);

        public Tensor gcd_(Tensor other) => InPlace("gcd_", other);

        public Tensor lcm_(Tensor other) => InPlace("lcm_", other);

        public Tensor ldexp_(Tensor other) => InPlace("ldexp_", other);

        public Tensor subtract_(Scalar target) => InPlace("subtract_.Scalar", target);

        public Tensor subtract_(Tensor target) => InPlace("subtract_.Tensor", target);

        public Tensor true_divide_(Tensor other) => InPlace("true_divide_.Tensor", other);

        public Tensor true_divide_(Scalar other) => InPlace("true_divide_.Scalar", other);

        public Tensor eq_(Tensor target) => InPlace("eq_.Tensor", target);

        public Tensor eq_(Scalar target) => InPlace("eq_.Scalar", target);

        public Tensor ne_(Tensor target) => InPlace("ne_.Tensor", target);

        public Tensor ne_(Scalar target) => InPlace("ne_.Scalar", target);

        public Tensor lt_(Tensor target) => InPlace("lt_.Tensor", target);

        public Tensor lt_(Scalar target) => InPlace("lt_.Scalar", target);

        public Tensor le_(Tensor target) => InPlace("le_.Tensor", target);

        public Tensor le_(Scalar target) => InPlace("le_.Scalar", target);

        public Tensor gt_(Tensor target) => InPlace("gt_.Tensor", target);

        public Tensor gt_(Scalar target) => InPlace("gt_.Scalar", target);

        public Tensor ge_(Tensor target) => InPlace("ge_.Tensor", target);

        public Tensor ge_(Scalar target) => InPlace("ge_.Scalar", target);

        public Tensor logical_and_(Tensor other) => InPlace("logical_and_", other);

        public Tensor logical_or_(Tensor other) => InPlace("logical_or_", other);

        public Tensor logical_xor_(Tensor other) => InPlace("logical_xor_", other);

        public Tensor logical_not_() => InPlace("logical_not_");

        public Tensor bitwise_and_(Tensor other) => InPlace("bitwise_and_.Tensor", other);

        public Tensor bitwise_or_(Tensor other) => InPlace("bitwise_or_.Tensor", other);

        public Tensor bitwise_xor_(Tensor other) => InPlace("bitwise_xor_.Tensor", other);

        public Tensor bitwise_not_() => InPlace("bitwise_not_");

        public Tensor bitwise_left_shift_(Tensor other) => InPlace("bitwise_left_shift_.Tensor", other);

        public Tensor bitwise_right_shift_(Tensor other) => InPlace("bitwise_right_shift_.Tensor", other);

        public Tensor masked_scatter_(Tensor mask, Tensor value) => InPlace("masked_scatter_", mask, value);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) => InPlace("index_add_", dim, index, source, alpha);

        public Tensor index_fill_(long dim, Tensor index, Scalar value) => InPlace("index_fill_.int_Scalar", dim, index, value);

        public Tensor tril_(long diagonal = 0) => InPlace("tril_", diagonal);

        public Tensor triu_(long diagonal = 0) => InPlace("triu_", diagonal);

        public Tensor transpose_(long dim0, long dim1) => InPlace("transpose_", dim0, dim1);

        public Tensor unsqueeze_(long dim) => InPlace("unsqueeze_", dim);

        public Tensor exponential_(double lambda = 1, Generator? generator = null) => InPlace("exponential_", lambda, generator);

        public Tensor log_normal_(double mean = 0, double std = 1, Generator? generator = null) => InPlace("log_normal_", mean, std, generator);

        public Tensor cauchy_(double median = 0, double sigma = 1, Generator? generator = null) => InPlace("cauchy_", median, sigma, generator);

        public Tensor geometric_(double p, Generator? generator = null) => InPlace("geometric_", p, generator);

        public Tensor squeeze_(long? dim = null) => dim is { } d ? InPlace("squeeze_.dim", d) : InPlace("squeeze_");

        /// <summary>Whole numbers in [from, to).</summary>
        public Tensor random_(double from, double to, Generator? generator = null) => InPlace("random_.from", (long)from, (long)to, generator);
    }
}
