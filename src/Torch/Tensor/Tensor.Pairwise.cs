using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    // Functions of two tensors, element by element and broadcast.
    public partial class Tensor
    {
        public Tensor arctan2(Tensor other) => Aten.Call("arctan2", this, other);

        public Tensor copysign(Tensor other) => Aten.Call("copysign.Tensor", this, other);

        public Tensor fmax(Tensor other) => Aten.Call("fmax", this, other);

        public Tensor fmin(Tensor other) => Aten.Call("fmin", this, other);

        public Tensor hypot(Tensor other) => Aten.Call("hypot", this, other);

        public Tensor logaddexp(Tensor other) => Aten.Call("logaddexp", this, other);

        public Tensor logaddexp2(Tensor other) => Aten.Call("logaddexp2", this, other);

        public Tensor nextafter(Tensor other) => Aten.Call("nextafter", this, other);

        public Tensor xlogy(Tensor y) => Aten.Call("xlogy.Tensor", this, y);

        public Tensor xlogy(Scalar y) => Aten.Call("xlogy.Scalar_Other", this, y);

        public Tensor heaviside(Tensor other) => Aten.Call("heaviside", this, other);

        public Tensor ldexp(Tensor other) => Aten.Call("ldexp.Tensor", this, other);

        public Tensor gcd(Tensor other) => Aten.Call("gcd", this, other);

        public Tensor lcm(Tensor other) => Aten.Call("lcm", this, other);

        public Tensor floor_divide(Tensor other) => Aten.Call("floor_divide", this, other);

        public Tensor floor_divide(Scalar other) => Aten.Call("floor_divide.Scalar", this, other);

        public Tensor float_power(Tensor target) => Aten.Call("float_power.Tensor_Tensor", this, target);

        public Tensor multiply(Tensor target) => Aten.Call("multiply.Tensor", this, target);

        public Tensor multiply(Scalar target) => Aten.Call("multiply.Scalar", this, target);

        public Tensor subtract(Scalar target) => Aten.Call("subtract.Scalar", this, target);

        public Tensor subtract(Tensor target) => Aten.Call("subtract.Tensor", this, target);

        public Tensor true_divide(Tensor other) => Aten.Call("true_divide.Tensor", this, other);

        public Tensor true_divide(Scalar other) => Aten.Call("true_divide.Scalar", this, other);

        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor greater(Tensor target) => Aten.Call("greater.Tensor", this, target);

        public Tensor greater_equal(Tensor target) => Aten.Call("greater_equal.Tensor", this, target);

        public Tensor less(Tensor target) => Aten.Call("less.Tensor", this, target);

        public Tensor less_equal(Tensor target) => Aten.Call("less_equal.Tensor", this, target);

        public Tensor not_equal(Tensor target) => Aten.Call("not_equal.Tensor", this, target);

        /// <summary>The p-norm of the difference.</summary>
        public Tensor dist(Tensor other, float p = 2f) => Aten.Call("dist", this, other, (double)p);
    }
}
