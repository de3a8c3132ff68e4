using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static GELU GELU() => new(Modules.GELU.Approximate.none, false);

        public static GELU GELU(bool inplace) => new(Modules.GELU.Approximate.none, inplace);

        public static GELU GELU(GELU.Approximate approximate, bool inplace = false) => new(approximate, inplace);

        public static LeakyReLU LeakyReLU(double negative_slope, bool inplace) => new(negative_slope, inplace);

        public static SiLU SiLU(bool inplace) => new(inplace);

        public static Mish Mish(bool inplace = false) => new(inplace);

        public static ELU ELU(double alpha = 1, bool inplace = false) => new(alpha, inplace);

        public static CELU CELU(double alpha = 1, bool inplace = false) => new(alpha, inplace);

        public static SELU SELU(bool inplace = false) => new(inplace);

        public static Tanh Tanh(bool inplace = false) => new(inplace);

        public static Softplus Softplus(double beta = 1, double threshold = 20) => new(beta, threshold);

        public static Softsign Softsign() => new();

        public static LogSigmoid LogSigmoid() => new();

        public static LogSoftmax LogSoftmax(long dim) => new(dim);

        public static Softmax2d Softmax2d() => new();

        public static ReLU6 ReLU6(bool inplace = false) => new(inplace);

        public static Hardtanh Hardtanh(double min_val = -1, double max_val = 1, bool inplace = false) => new(min_val, max_val, inplace);

        public static Hardswish Hardswish(bool inplace = false) => new(inplace);

        public static Hardsigmoid Hardsigmoid(bool inplace = false) => new(inplace);

        public static PReLU PReLU(long num_parameters = 1, double init = 0.25, Device? device = null, ScalarType? dtype = null) => new(num_parameters, init, device, dtype);

        public static GLU GLU(long dim = -1) => new(dim);
    }
}
