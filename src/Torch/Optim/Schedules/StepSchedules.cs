using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Times gamma every so many steps.</summary>
                public sealed class StepLR : LRScheduler
                {
                    private readonly int _size;
                    private readonly double _gamma;

                    internal StepLR(Optimizer optimizer, int step_size, double gamma, int last_epoch)
                        : base(optimizer, last_epoch)
                    {
                        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step_size);
                        (_size, _gamma) = (step_size, gamma);
                        Start();
                    }

                    private protected override double Next(ParamGroup group, int index) =>
                        group.LearningRate * (LastEpoch == 0 || LastEpoch % _size != 0 ? 1 : _gamma);

                    private protected override double At(ParamGroup group, int index) => BaseRates[index] * Math.Pow(_gamma, LastEpoch / _size);
                }

                /// <summary>Times gamma at each milestone.</summary>
                public sealed class MultiStepLR : LRScheduler
                {
                    private readonly int[] _milestones;
                    private readonly double _gamma;

                    internal MultiStepLR(Optimizer optimizer, IEnumerable<int> milestones, double gamma, int last_epoch)
                        : base(optimizer, last_epoch)
                    {
                        (_milestones, _gamma) = ([.. milestones], gamma);
                        Start();
                    }

                    private protected override double Next(ParamGroup group, int index) =>
                        group.LearningRate * Math.Pow(_gamma, _milestones.Count(m => m == LastEpoch));

                    private protected override double At(ParamGroup group, int index) =>
                        BaseRates[index] * Math.Pow(_gamma, _milestones.Count(m => m <= LastEpoch));
                }

                /// <summary>Times gamma at each step.</summary>
                public sealed class ExponentialLR : LRScheduler
                {
                    private readonly double _gamma;

                    internal ExponentialLR(Optimizer optimizer, double gamma, int last_epoch)
                        : base(optimizer, last_epoch)
                    {
                        _gamma = gamma;
                        Start();
                    }

                    private protected override double Next(ParamGroup group, int index) => group.LearningRate * (LastEpoch == 0 ? 1 : _gamma);

                    private protected override double At(ParamGroup group, int index) => BaseRates[index] * Math.Pow(_gamma, LastEpoch);
                }

                /// <summary>A factor for the first steps.</summary>
                public sealed class ConstantLR : LRScheduler
                {
                    private readonly double _factor;
                    private readonly int _total;

                    internal ConstantLR(Optimizer optimizer, double factor, int total_iters, int last_epoch)
                        : base(optimizer, last_epoch)
                    {
                        (_factor, _total) = (factor, total_iters);
                        Start();
                    }

                    private protected override double Next(ParamGroup group, int index) =>
                        LastEpoch == 0 ? group.LearningRate * _factor : LastEpoch == _total ? group.LearningRate / _factor : group.LearningRate;

                    private protected override double At(ParamGroup group, int index) => BaseRates[index] * (LastEpoch >= _total ? 1 : _factor);
                }

                /// <summary>A factor that goes from one value to another in a straight line.</summary>
                public sealed class LinearLR : LRScheduler
                {
                    private readonly double _start;
                    private readonly double _end;
                    private readonly int _total;

                    internal LinearLR(Optimizer optimizer, double start_factor, double end_factor, int total_iters, int last_epoch)
                        : base(optimizer, last_epoch)
                    {
                        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(start_factor);
                        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(total_iters);
                        (_start, _end, _total) = (start_factor, end_factor, total_iters);
                        Start();
                    }

                    private protected override double Next(ParamGroup group, int index) => LastEpoch switch
                    {
                        0 => group.LearningRate * _start,
                        var t when t > _total => group.LearningRate,
                        var t => group.LearningRate * (1 + ((_end - _start) / ((_total * _start) + ((t - 1) * (_end - _start))))),
                    };

                    private protected override double At(ParamGroup group, int index) =>
                        BaseRates[index] * (_start + ((_end - _start) * Math.Min(_total, LastEpoch) / _total));
                }

                /// <summary>(1 − t / total)^power.</summary>
                public sealed class PolynomialLR : LRScheduler
                {
                    private readonly int _total;
                    private readonly double _power;

                    internal PolynomialLR(Optimizer optimizer, int total_iters, double power, int last_epoch)
                        : base(optimizer, last_epoch)
                    {
                        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(total_iters);
                        (_total, _power) = (total_iters, power);
                        Start();
                    }

                    private protected override double Next(ParamGroup group, int index) => LastEpoch == 0 || LastEpoch > _total
                        ? group.LearningRate
                        : group.LearningRate * Math.Pow((1 - ((double)LastEpoch / _total)) / (1 - ((LastEpoch - 1.0) / _total)), _power);

                    private protected override double At(ParamGroup group, int index) =>
                        BaseRates[index] * Math.Pow(1 - ((double)Math.Min(_total, LastEpoch) / _total), _power);
                }

                /// <summary>A function of the epoch times the initial rate, or times the present one.</summary>
                public sealed class LambdaLR : LRScheduler
                {
                    private readonly Func<int, double>[] _factors;
                    private readonly bool _multiplies;

                    internal LambdaLR(Optimizer optimizer, IEnumerable<Func<int, double>> factors, bool multiplies, int last_epoch)
                        : base(optimizer, last_epoch)
                    {
                        (_factors, _multiplies) = ([.. factors], multiplies);
                        if (_factors.Length != Groups.Count)
                        {
                            throw new ArgumentException($"{_factors.Length} functions for {Groups.Count} groups.", nameof(factors));
                        }

                        Start();
                    }

                    private protected override double Next(ParamGroup group, int index) =>
                        !_multiplies ? BaseRates[index] * _factors[index](LastEpoch)
                        : LastEpoch > 0 ? group.LearningRate * _factors[index](LastEpoch)
                        : group.LearningRate;
                }
            }
        }
    }
}
