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
                /// <summary>One schedule after another.</summary>
                public sealed class SequentialLR : LRScheduler
                {
                    private readonly LRScheduler[] _parts;
                    private readonly int[] _milestones;

                    internal SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch)
                        : base(optimizer, last_epoch)
                    {
                        (_parts, _milestones) = ([.. schedulers], [.. milestones]);
                        if (_parts.Any(p => p.Optimizer != optimizer) || _parts.Length != _milestones.Length + 1)
                        {
                            throw new ArgumentException("Give schedules of this optimiser, and a milestone between each two.", nameof(schedulers));
                        }

                        LastEpoch++;
                        foreach (var group in Groups)
                        {
                            group.LearningRate = group.InitialLearningRate;     // each part has made its first step by now
                        }

                        foreach (var part in _parts)
                        {
                            part.Rewind();
                        }

                        _parts[0].Start();
                        Record();
                    }

                    public override void step(int? epoch)
                    {
                        if (epoch is not null)
                        {
                            throw new NotSupportedException("A sequence goes on by one; its parts do not know other epochs.");
                        }

                        LastEpoch++;
                        var index = _milestones.Count(m => m <= LastEpoch);
                        _parts[index].step(index > 0 && _milestones[index - 1] == LastEpoch ? 0 : null);
                        Record();
                    }

                    internal override void Write(IDictionary<string, double> state, string prefix) => WriteAll(_parts, state, prefix, base.Write);

                    internal override void Read(IReadOnlyDictionary<string, double> state, string prefix) => ReadAll(_parts, state, prefix, base.Read);

                    private protected override double Next(ParamGroup group, int index) => group.LearningRate;

                    /// <summary>Each part under its number, then the whole, whose rates are those that count.</summary>
                    internal static void WriteAll(LRScheduler[] parts, IDictionary<string, double> state, string prefix, Action<IDictionary<string, double>, string> own)
                    {
                        for (var i = 0; i < parts.Length; i++)
                        {
                            parts[i].Write(state, FormattableString.Invariant($"{prefix}{i}."));
                        }

                        own(state, prefix);
                    }

                    internal static void ReadAll(LRScheduler[] parts, IReadOnlyDictionary<string, double> state, string prefix, Action<IReadOnlyDictionary<string, double>, string> own)
                    {
                        for (var i = 0; i < parts.Length; i++)
                        {
                            parts[i].Read(state, FormattableString.Invariant($"{prefix}{i}."));
                        }

                        own(state, prefix);
                    }
                }

                /// <summary>Several schedules at once, each changing what the one before has set.</summary>
                public sealed class ChainedLR : LRScheduler
                {
                    private readonly LRScheduler[] _parts;

                    internal ChainedLR(LRScheduler[] schedulers)
                        : base(schedulers is [var first, ..] ? first.Optimizer : throw new ArgumentException("A chain has schedules.", nameof(schedulers)), -1)
                    {
                        if (schedulers.Any(p => p.Optimizer != Optimizer))
                        {
                            throw new ArgumentException("Give schedules of one optimiser.", nameof(schedulers));
                        }

                        _parts = schedulers;
                    }

                    public override void step(int? epoch)
                    {
                        LastEpoch = epoch ?? LastEpoch + 1;
                        foreach (var part in _parts)
                        {
                            part.step(epoch);
                        }

                        Record();
                    }

                    internal override void Write(IDictionary<string, double> state, string prefix) => SequentialLR.WriteAll(_parts, state, prefix, base.Write);

                    internal override void Read(IReadOnlyDictionary<string, double> state, string prefix) => SequentialLR.ReadAll(_parts, state, prefix, base.Read);

                    private protected override double Next(ParamGroup group, int index) => group.LearningRate;
                }
            }
        }
    }
}
