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
                /// <summary>Half a cosine down to a floor, and up again: Loshchilov and Hutter 2017, arXiv:1608.03983.</summary>
                public sealed class CosineAnnealingLR : LRScheduler
                {
                    private readonly double _half;
                    private readonly double _floor;

                    internal CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min, int last_epoch)
                        : base(optimizer, last_epoch)
                    {
                        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(T_max);
                        (_half, _floor) = (T_max, eta_min);
                        Start();
                    }

                    private protected override double Next(ParamGroup group, int index)
                    {
                        if (LastEpoch == 0)
                        {
                            return group.LearningRate;
                        }

                        if (IsFirst)
                        {
                            return At(group, index);
                        }

                        // At the floor the cosine before is 0, and nothing can be scaled up from it.
                        return (LastEpoch - 1 - _half) % (2 * _half) == 0
                            ? group.LearningRate + ((BaseRates[index] - _floor) * (1 - Math.Cos(Math.PI / _half)) / 2)
                            : ((1 + Math.Cos(Math.PI * LastEpoch / _half)) / (1 + Math.Cos(Math.PI * (LastEpoch - 1) / _half)) * (group.LearningRate - _floor)) + _floor;
                    }

                    private protected override double At(ParamGroup group, int index) =>
                        _floor + ((BaseRates[index] - _floor) * (1 + Math.Cos(Math.PI * LastEpoch / _half)) / 2);
                }

                /// <summary>Half a cosine down to a floor, again and again, each longer than the last: Loshchilov and Hutter 2017, arXiv:1608.03983.</summary>
                public sealed class CosineAnnealingWarmRestarts : LRScheduler
                {
                    private readonly int _first;
                    private readonly int _growth;
                    private readonly double _floor;
                    private int _period;
                    private int _done;

                    internal CosineAnnealingWarmRestarts(Optimizer optimizer, int T_0, int T_mult, double eta_min, int last_epoch)
                        : base(optimizer, last_epoch)
                    {
                        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(T_0);
                        ArgumentOutOfRangeException.ThrowIfLessThan(T_mult, 1);
                        (_first, _growth, _floor, _period) = (T_0, T_mult, eta_min, T_0);
                        Start();
                    }

                    public override void step(int? epoch)
                    {
                        var target = epoch ?? LastEpoch + 1;
                        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(epoch));
                        (_done, _period) = (_growth == 1 ? target % _first : target, _first);
                        while (_done >= _period)
                        {
                            _done -= _period;
                            _period *= _growth;
                        }

                        LastEpoch = target;
                        Set(Next);
                    }

                    private protected override double Next(ParamGroup group, int index) =>
                        _floor + ((BaseRates[index] - _floor) * (1 + Math.Cos(Math.PI * _done / _period)) / 2);
                }
            }
        }
    }
}
