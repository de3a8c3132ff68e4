using System.Globalization;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>
            /// Sets the learning rates of an optimiser's groups, step after step. As in PyTorch a step changes the rate that it
            /// finds, so schedules can be chained; the first rate is set when the schedule is made.
            /// </summary>
            public abstract class LRScheduler
            {
                private double[] _last = [];

                /// <param name="optimizer">Groups added to it later are not scheduled.</param>
                /// <param name="last_epoch">Steps done already less one; -1 for a new run.</param>
                private protected LRScheduler(Optimizer optimizer, int last_epoch)
                {
                    (Optimizer, LastEpoch) = (optimizer, last_epoch);
                    Groups = [.. optimizer.ParamGroups];
                    foreach (var group in Groups.Where(g => !g.Scheduled))
                    {
                        group.Scheduled = true;
                        group.InitialLearningRate = last_epoch == -1 ? group.LearningRate : group.InitialLearningRate;
                    }

                    BaseRates = [.. Groups.Select(g => g.InitialLearningRate)];
                    Record();
                }

                internal Optimizer Optimizer { get; }

                internal IReadOnlyList<ParamGroup> Groups { get; }

                /// <summary>The rates that it started from, a group each.</summary>
                private protected double[] BaseRates { get; }

                /// <summary>Steps done, the first one apart.</summary>
                private protected int LastEpoch { get; set; }

                /// <summary>Whether this step is the one that made the schedule.</summary>
                private protected bool IsFirst { get; private set; }

                /// <summary>Goes on by one; call it after the optimiser's step.</summary>
                public virtual void step() => step(null);

                /// <summary>Jumps to an epoch, counted from 0.</summary>
                public void step(int epoch) => step((int?)epoch);

                /// <summary>Jumps to an epoch, counted from 0; null goes on by one.</summary>
                public virtual void step(int? epoch)
                {
                    LastEpoch = epoch ?? LastEpoch + 1;
                    Set(epoch is null ? Next : At);
                }

                /// <summary>Goes on by one, told how good the network is. Only <see cref="ReduceLROnPlateau"/> cares.</summary>
                public virtual void step(double current) => step();

                /// <summary>The rates now, a group each.</summary>
                public IEnumerable<double> get_last_lr() => _last;

                /// <summary>Where it stands, rates included. Not the optimiser's state.</summary>
                public Dictionary<string, double> state_dict()
                {
                    var state = new Dictionary<string, double>();
                    Write(state, string.Empty);
                    return state;
                }

                /// <summary>Puts this schedule, and the rates of its optimiser, where a saved one stood.</summary>
                /// <exception cref="InvalidOperationException">The state is another kind of schedule's; nothing was changed.</exception>
                public void load_state_dict(IReadOnlyDictionary<string, double> state)
                {
                    var expected = state_dict().Keys.ToHashSet();
                    if (!expected.SetEquals(state.Keys))
                    {
                        throw new InvalidOperationException($"The state does not fit this {GetType().Name}: it has {string.Join(", ", state.Keys.Order())}, not {string.Join(", ", expected.Order())}.");
                    }

                    Read(state, string.Empty);
                }

                internal virtual void Write(IDictionary<string, double> state, string prefix)
                {
                    state[prefix + "last_epoch"] = LastEpoch;
                    for (var i = 0; i < Groups.Count; i++)
                    {
                        state[Key(prefix, "base_lr", i)] = BaseRates[i];
                        state[Key(prefix, "last_lr", i)] = _last[i];
                    }
                }

                internal virtual void Read(IReadOnlyDictionary<string, double> state, string prefix)
                {
                    LastEpoch = (int)state[prefix + "last_epoch"];
                    for (var i = 0; i < Groups.Count; i++)
                    {
                        BaseRates[i] = Groups[i].InitialLearningRate = state[Key(prefix, "base_lr", i)];
                        Groups[i].LearningRate = state[Key(prefix, "last_lr", i)];
                    }

                    Record();
                }

                internal static string Key(string prefix, string name, int group) =>
                    string.Create(CultureInfo.InvariantCulture, $"{prefix}{name}.{group}");

                /// <summary>Takes back the step that made it.</summary>
                internal void Rewind() => LastEpoch--;

                /// <summary>The step that makes a schedule.</summary>
                internal void Start()
                {
                    IsFirst = true;
                    step();
                    IsFirst = false;
                }

                /// <summary>A group's rate after the one it has.</summary>
                private protected abstract double Next(ParamGroup group, int index);

                /// <summary>A group's rate at <see cref="LastEpoch"/>, whatever it has.</summary>
                private protected virtual double At(ParamGroup group, int index) => Next(group, index);

                private protected void Set(Func<ParamGroup, int, double> rate)
                {
                    for (var i = 0; i < Groups.Count; i++)
                    {
                        Groups[i].LearningRate = rate(Groups[i], i);
                    }

                    Record();
                }

                /// <summary>A number for each group, given once for all or one by one.</summary>
                private protected double[] Each(double[] values, string name) => values.Length == Groups.Count ? values
                    : values.Length == 1 ? [.. Enumerable.Repeat(values[0], Groups.Count)]
                    : throw new ArgumentException($"{values.Length} values for {Groups.Count} groups.", name);

                /// <summary>Takes the groups' rates as the last.</summary>
                private protected void Record() => _last = [.. Groups.Select(g => g.LearningRate)];
            }
        }
    }
}
