namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>PyTorch's initialisers, draw for draw: the same seed gives the same weights. Each changes the tensor and returns it.</summary>
        public static class init
        {
            /// <summary>Which side's variance is kept.</summary>
            public enum FanInOut
            {
                FanIn,
                FanOut,
            }

            public enum NonlinearityType
            {
                Linear,
                Conv2D,
                Sigmoid,
                Tanh,
                ReLU,
                LeakyReLU,
            }

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) => Draw(tensor, t => t.uniform_(low, high, generator));

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) => Draw(tensor, t => t.normal_(mean, std, generator));

            public static Tensor constant_(Tensor tensor, Scalar val) => Fill(tensor, t => t.fill_(val));

            public static Tensor zeros_(Tensor tensor) => constant_(tensor, 0);

            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);

            /// <summary>He et al. 2015, arXiv:1502.01852; a is the leaky ReLU's slope.</summary>
            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU, Generator? generator = null)
            {
                var bound = Math.Sqrt(3) * Deviation(tensor, a, mode, nonlinearity);
                return uniform_(tensor, -bound, bound, generator);
            }

            /// <summary>He et al. 2015, arXiv:1502.01852; a is the leaky ReLU's slope.</summary>
            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU, Generator? generator = null) =>
                normal_(tensor, 0, Deviation(tensor, a, mode, nonlinearity), generator);

            /// <summary>Glorot, Bengio 2010.</summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1, Generator? generator = null)
            {
                var bound = Math.Sqrt(3) * XavierDeviation(tensor, gain);
                return uniform_(tensor, -bound, bound, generator);
            }

            /// <summary>Glorot, Bengio 2010.</summary>
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1, Generator? generator = null) =>
                normal_(tensor, 0, XavierDeviation(tensor, gain), generator);

            /// <summary>Normal, drawn anew within [a, b] by the inverse distribution function.</summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, Generator? generator = null)
            {
                var (low, high) = (NormalCdf((a - mean) / std), NormalCdf((b - mean) / std));
                return Draw(tensor, t =>
                {
                    t.uniform_((2 * low) - 1, (2 * high) - 1, generator);
                    Osteon.Torch.Aten.Run("erfinv_", t);
                    t.mul_(std * Math.Sqrt(2)).add_(mean).clamp_(a, b);
                });
            }

            /// <summary>Rows, or columns where they are fewer, that stand at right angles (Saxe et al. 2013, arXiv:1312.6120).</summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1, Generator? generator = null)
            {
                var rows = tensor.size(0);
                var columns = tensor.numel() / rows;
                return Draw(tensor, t =>
                {
                    using var scope = NewDisposeScope();
                    var drawn = empty([rows, columns], t.dtype, t.device).normal_(generator: generator);
                    var (q, r) = linalg.qr(rows < columns ? drawn.t() : drawn);
                    q = q * r.diagonal().sign();
                    t.view(rows, columns).copy_(rows < columns ? q.t() : q).mul_(gain);
                });
            }

            /// <summary>Ones on the diagonal of a matrix.</summary>
            public static Tensor eye_(Tensor tensor) => Fill(tensor, t =>
            {
                using var identity = eye(t.size(0), t.size(1), t.dtype, t.device);
                t.copy_(identity);
            });

            /// <summary>Kernels that pass channel i on as channel i, of a convolution of one to three axes; what has no such channel is 0.</summary>
            public static Tensor dirac_(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length is < 3 or > 5)
                {
                    throw new ArgumentException($"A convolution's weight has 3 to 5 dimensions; the tensor has {shape.Length}.", nameof(tensor));
                }

                return Fill(tensor, t =>
                {
                    using var scope = NewDisposeScope();
                    t.zero_();
                    for (var channel = 0L; channel < Math.Min(shape[0], shape[1]); channel++)
                    {
                        TensorIndex[] centre = [channel, channel, .. shape.Skip(2).Select(s => (TensorIndex)(s / 2))];
                        t[centre].fill_(1);
                    }
                });
            }

            /// <summary>Normal, but for a share of each column, which is 0 (Martens 2010).</summary>
            /// <param name="tensor">(rows, columns).</param>
            /// <param name="sparsity">That share, in [0, 1]; rounded up to whole rows.</param>
            /// <param name="std">Standard deviation of the rest.</param>
            /// <param name="generator">Null: the default.</param>
            public static Tensor sparse_(Tensor tensor, double sparsity, double std = 0.01, Generator? generator = null)
            {
                var shape = tensor.shape;
                if (shape.Length != 2)
                {
                    throw new ArgumentException($"The tensor must have two dimensions; it has {shape.Length}.", nameof(tensor));
                }

                var empty = (long)Math.Ceiling(sparsity * shape[0]);
                return Draw(tensor, t =>
                {
                    using var scope = NewDisposeScope();
                    t.normal_(0, std, generator);
                    for (var column = 0L; column < shape[1]; column++)
                    {
                        t.select(1, column).index_fill_(0, randperm(shape[0], generator: generator).narrow(0, 0, empty).to(t.device), 0);
                    }
                });
            }

            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3,
                NonlinearityType.ReLU => Math.Sqrt(2),
                NonlinearityType.LeakyReLU => Math.Sqrt(2 / (1 + (param * param))),
                _ => 1,
            };

            /// <summary>Inputs and outputs that meet in one weight: channels times kernel area.</summary>
            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length < 2)
                {
                    throw new ArgumentException($"Fan in and fan out need two dimensions at least; the tensor has {shape.Length}.", nameof(tensor));
                }

                var area = shape.Skip(2).Aggregate(1L, (n, s) => n * s);
                return (shape[1] * area, shape[0] * area);
            }

            private static double Deviation(Tensor tensor, double a, FanInOut mode, NonlinearityType nonlinearity)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return calculate_gain(nonlinearity, a) / Math.Sqrt(mode == FanInOut.FanIn ? fanIn : fanOut);
            }

            private static double XavierDeviation(Tensor tensor, double gain)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return gain * Math.Sqrt(2.0 / (fanIn + fanOut));
            }

            private static double NormalCdf(double x)
            {
                using var scope = NewDisposeScope();
                return (1 + tensor(x / Math.Sqrt(2)).erf().item<double>()) / 2;
            }

            private static Tensor Draw(Tensor tensor, Action<Tensor> draw) => Osteon.Torch.Undrawn.Now ? tensor : Fill(tensor, draw);

            private static Tensor Fill(Tensor tensor, Action<Tensor> fill)
            {
                using var grad = no_grad();
                fill(tensor);
                return tensor;
            }
        }
    }
}
