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
                /// <summary>Times a factor when a metric has not improved for a while.</summary>
                public sealed class ReduceLROnPlateau : LRScheduler
                {
                    private readonly bool _max;
                    private readonly bool _relative;
                    private readonly double _factor;
                    private readonly double _threshold;
                    private readonly double _eps;
                    private readonly int _patience;
                    private readonly int _cooldown;
                    private readonly double[] _lowest;
                    private double _best;
                    private int _bad;
                    private int _resting;

                    internal ReduceLROnPlateau(Optimizer optimizer, string mode, double factor, int patience, double threshold, string threshold_mode, int cooldown, IList<double>? min_lr, double eps)
                        : base(optimizer, 0)
                    {
                        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(factor, 1);
                        _max = mode is "max" || (mode is "min" ? false : throw new ArgumentException($"mode '{mode}' must be min or max.", nameof(mode)));
                        _relative = threshold_mode is "rel" || (threshold_mode is "abs" ? false : throw new ArgumentException($"threshold_mode '{threshold_mode}' must be rel or abs.", nameof(threshold_mode)));
                        (_factor, _patience, _threshold, _cooldown, _eps) = (factor, patience, threshold, cooldown, eps);
                        _lowest = min_lr is null ? new double[Groups.Count] : min_lr.Count == Groups.Count ? [.. min_lr]
                            : min_lr.Count == 1 ? [.. Enumerable.Repeat(min_lr[0], Groups.Count)]
                            : throw new ArgumentException($"{min_lr.Count} values for {Groups.Count} groups.", nameof(min_lr));
                        _best = _max ? double.NegativeInfinity : double.PositiveInfinity;
                    }

                    public override void step() => throw new InvalidOperationException("ReduceLROnPlateau needs the metric: step(metric).");

                    public override void step(int? epoch) => step((double)(epoch ?? throw new InvalidOperationException("ReduceLROnPlateau needs the metric: step(metric).")));

                    /// <summary>Goes on by one.</summary>
                    /// <param name="current">The metric that the mode wants small or large.</param>
                    public override void step(double current)
                    {
                        LastEpoch++;
                        var better = IsBetter(current);
                        _best = better ? current : _best;
                        _bad = better ? 0 : _bad + 1;
                        if (_resting > 0)
                        {
                            (_resting, _bad) = (_resting - 1, 0);
                        }

                        if (_bad > _patience)
                        {
                            Set(Next);
                            (_resting, _bad) = (_cooldown, 0);
                        }
                        else
                        {
                            Record();
                        }
                    }

                    internal override void Write(IDictionary<string, double> state, string prefix)
                    {
                        base.Write(state, prefix);
                        (state[prefix + "best"], state[prefix + "num_bad_epochs"], state[prefix + "cooldown_counter"]) = (_best, _bad, _resting);
                    }

                    internal override void Read(IReadOnlyDictionary<string, double> state, string prefix)
                    {
                        base.Read(state, prefix);
                        (_best, _bad, _resting) = (state[prefix + "best"], (int)state[prefix + "num_bad_epochs"], (int)state[prefix + "cooldown_counter"]);
                    }

                    private protected override double Next(ParamGroup group, int index)
                    {
                        var lower = Math.Max(group.LearningRate * _factor, _lowest[index]);
                        return group.LearningRate - lower > _eps ? lower : group.LearningRate;
                    }

                    private bool IsBetter(double current) => (_max, _relative) switch
                    {
                        (false, true) => current < _best * (1 - _threshold),
                        (false, false) => current < _best - _threshold,
                        (true, true) => current > _best * (1 + _threshold),
                        (true, false) => current > _best + _threshold,
                    };
                }
            }
        }
    }
}
