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
                /// <summary>Up to a highest rate and down to next to nothing, the momentum the other way: Smith and Topin 2017, arXiv:1708.07120.</summary>
                public sealed class OneCycleLR : LRScheduler
                {
                    private readonly record struct Level(double Rate, double Momentum);

                    private readonly record struct Phase(double End, int From, int To);

                    private readonly int _total;
                    private readonly bool _linear;
                    private readonly bool _cycles;
                    private readonly Phase[] _phases;
                    private readonly Level[][] _levels;

                    internal OneCycleLR(Optimizer optimizer, double[] max_lr, int total_steps, int epochs, int steps_per_epoch, double pct_start, AnnealStrategy anneal_strategy, bool cycle_momentum, double[] base_momentum, double[] max_momentum, double div_factor, double final_div_factor, bool three_phase, int last_epoch)
                        : base(optimizer, last_epoch)
                    {
                        _total = total_steps > 0 ? total_steps : epochs > 0 && steps_per_epoch > 0 ? epochs * steps_per_epoch
                            : throw new ArgumentException("Give total_steps, or epochs and steps_per_epoch, above 0.", nameof(total_steps));
                        if (pct_start is not (>= 0 and <= 1))
                        {
                            throw new ArgumentOutOfRangeException(nameof(pct_start), pct_start, "It is a share of all steps, in [0, 1].");
                        }

                        (_linear, _cycles) = (anneal_strategy == AnnealStrategy.Linear, cycle_momentum);
                        if (_cycles && Groups.Any(g => g.Options.Momentum is null))
                        {
                            throw new ArgumentException($"{optimizer.GetType().Name} has no momentum to cycle; pass cycle_momentum: false.", nameof(cycle_momentum));
                        }

                        var up = pct_start * _total;
                        _phases = three_phase
                            ? [new(up - 1, 0, 1), new((2 * up) - 2, 1, 0), new(_total - 1, 0, 2)]
                            : [new(up - 1, 0, 1), new(_total - 1, 1, 2)];
                        var (rates, lows, highs) = (Each(max_lr, nameof(max_lr)), Each(base_momentum, nameof(base_momentum)), Each(max_momentum, nameof(max_momentum)));
                        _levels = [.. rates.Select((rate, i) => new Level[]
                        {
                            new(rate / div_factor, highs[i]), new(rate, lows[i]), new(rate / div_factor / final_div_factor, highs[i]),
                        })];
                        for (var i = 0; last_epoch == -1 && i < Groups.Count; i++)
                        {
                            BaseRates[i] = Groups[i].InitialLearningRate = _levels[i][0].Rate;
                        }

                        Start();
                    }

                    /// <summary>The shape of a climb or a descent.</summary>
                    public enum AnnealStrategy
                    {
                        Cos,
                        Linear,
                    }

                    internal override void Read(IReadOnlyDictionary<string, double> state, string prefix)
                    {
                        base.Read(state, prefix);
                        for (var i = 0; i < Groups.Count && LastEpoch >= 0; i++)
                        {
                            Cycle(Groups[i], Now(i));
                        }
                    }

                    private protected override double Next(ParamGroup group, int index)
                    {
                        if (LastEpoch > _total)
                        {
                            throw new InvalidOperationException($"The schedule ends after {_total} steps; this is one more.");
                        }

                        var now = Now(index);
                        Cycle(group, now);
                        return now.Rate;
                    }

                    private void Cycle(ParamGroup group, Level now)
                    {
                        if (_cycles)
                        {
                            group.Options.Momentum = now.Momentum;
                        }
                    }

                    private Level Now(int group)
                    {
                        var start = 0.0;
                        foreach (var phase in _phases)
                        {
                            if (LastEpoch <= phase.End || phase == _phases[^1])
                            {
                                var (from, to) = (_levels[group][phase.From], _levels[group][phase.To]);
                                var share = (LastEpoch - start) / (phase.End - start);
                                return new(Between(from.Rate, to.Rate, share), Between(from.Momentum, to.Momentum, share));
                            }

                            start = phase.End;
                        }

                        throw new InvalidOperationException("A schedule has phases.");
                    }

                    private double Between(double from, double to, double share) => _linear
                        ? ((to - from) * share) + from
                        : to + ((from - to) / 2 * (Math.Cos(Math.PI * share) + 1));
                }
            }
        }
    }
}
