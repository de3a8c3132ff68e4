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
                /// <summary>Up from a rate to a higher one and down again, over and over, the momentum the other way: Smith 2017, arXiv:1506.01186.</summary>
                public sealed class CyclicLR : LRScheduler
                {
                    private readonly double[] _highest;
                    private readonly double[] _low;
                    private readonly double[] _high;
                    private readonly double _length;
                    private readonly double _climb;
                    private readonly Func<double, double> _scale;
                    private readonly bool _byCycle;
                    private readonly bool _cycles;

                    internal CyclicLR(Optimizer optimizer, double[] base_lr, double[] max_lr, int step_size_up, int step_size_down, Mode mode, double gamma, Func<double, double>? scale_fn, ScaleMode scale_mode, bool cycle_momentum, double[] base_momentum, double[] max_momentum, int last_epoch)
                        : base(optimizer, last_epoch)
                    {
                        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step_size_up);
                        var down = step_size_down == -1 ? step_size_up : step_size_down;
                        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(down, nameof(step_size_down));
                        (_length, _climb, _cycles) = (step_size_up + down, step_size_up / (double)(step_size_up + down), cycle_momentum);
                        (_scale, _byCycle) = (scale_fn, mode) switch
                        {
                            ({ } given, _) => (given, scale_mode == ScaleMode.Cycle),
                            (_, Mode.Triangular) => (_ => 1, true),
                            (_, Mode.Triangular2) => (cycle => 1 / Math.Pow(2, cycle - 1), true),
                            _ => (step => Math.Pow(gamma, step), false),
                        };
                        if (_cycles && Groups.Any(g => g.Options.Momentum is null))
                        {
                            throw new ArgumentException($"{optimizer.GetType().Name} has no momentum to cycle; pass cycle_momentum: false.", nameof(cycle_momentum));
                        }

                        var lowest = Each(base_lr, nameof(base_lr));
                        (_highest, _low, _high) = (Each(max_lr, nameof(max_lr)), Each(base_momentum, nameof(base_momentum)), Each(max_momentum, nameof(max_momentum)));
                        for (var i = 0; i < Groups.Count; i++)
                        {
                            BaseRates[i] = Groups[i].InitialLearningRate = lowest[i];
                        }

                        Start();
                    }

                    /// <summary>What becomes of the height, cycle by cycle: it stays, halves, or is times gamma at each step.</summary>
                    public enum Mode
                    {
                        Triangular,
                        Triangular2,
                        ExpRange,
                    }

                    /// <summary>What a scale function is given: the cycle, from 1, or the steps done.</summary>
                    public enum ScaleMode
                    {
                        Cycle,
                        Iterations,
                    }

                    internal override void Read(IReadOnlyDictionary<string, double> state, string prefix)
                    {
                        base.Read(state, prefix);
                        for (var i = 0; i < Groups.Count && LastEpoch >= 0; i++)
                        {
                            Next(Groups[i], i);
                        }
                    }

                    private protected override double Next(ParamGroup group, int index)
                    {
                        var cycle = Math.Floor(1 + (LastEpoch / _length));
                        var x = 1 + (LastEpoch / _length) - cycle;
                        var height = (x <= _climb ? x / _climb : (x - 1) / (_climb - 1)) * _scale(_byCycle ? cycle : LastEpoch);
                        if (_cycles)
                        {
                            group.Options.Momentum = _high[index] - ((_high[index] - _low[index]) * height);
                        }

                        return BaseRates[index] + ((_highest[index] - BaseRates[index]) * height);
                    }
                }
            }
        }
    }
}
