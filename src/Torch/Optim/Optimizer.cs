using System.Globalization;
using Osteon.Torch;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>
        /// Updates parameters from their gradients. Its state is a dictionary of tensors (<see cref="OptimizerTensors"/>): saved, and loaded into a new
        /// optimiser over the same parameters, training goes on bit for bit.
        /// </summary>
        public abstract class Optimizer : IDisposable
        {
            private const string StepKey = "step";
            private readonly List<ParamGroup> _groups = [];
            private readonly List<Parameter> _parameters = [];
            private readonly HashSet<Parameter> _known = new(ReferenceEqualityComparer.Instance);
            private readonly Dictionary<Parameter, Dictionary<string, Tensor>> _state = new(ReferenceEqualityComparer.Instance);
            private bool _disposed;

            private protected Optimizer()
            {
            }

            public IEnumerable<ParamGroup> ParamGroups => Open(_groups);

            /// <summary>All parameters, in the order that state keys count them.</summary>
            public IEnumerable<Parameter> parameters() => Open(_parameters);

            /// <summary>Adds parameters that learn at a rate of their own, and otherwise as the rest.</summary>
            public abstract ParamGroup add_param_group(IEnumerable<Parameter> parameters, double learningRate);

            /// <summary>One update. Parameters without a gradient stay.</summary>
            /// <param name="closure">Computes the loss anew, gradients included; null when backward has been called.</param>
            /// <returns>The closure's loss.</returns>
            public virtual Tensor? step(Func<Tensor>? closure = null)
            {
                var groups = Open(_groups);
                var loss = closure?.Invoke();
                using var grad = no_grad();
                foreach (var group in groups)
                {
                    foreach (var parameter in group.Parameters)
                    {
                        using var scope = NewDisposeScope();
                        var gradient = parameter.grad;
                        if (gradient is not null)
                        {
                            Update(parameter, gradient.detach(), group);
                        }
                    }
                }

                return loss;
            }

            public virtual void zero_grad(bool set_to_none = true) =>
                Open(_parameters).ForEach(p => nn.Module.ZeroGradient(p, set_to_none));

            /// <summary>Copies of the state: "0.exp_avg" for the first parameter's, "0.step" its updates as int64. The caller disposes them.</summary>
            internal Dictionary<string, Tensor> SaveState()
            {
                using var grad = no_grad();
                var saved = new Dictionary<string, Tensor>();
                for (var i = 0; i < Open(_parameters).Count; i++)
                {
                    foreach (var (name, tensor) in _state.GetValueOrDefault(_parameters[i]) ?? [])
                    {
                        saved[string.Create(CultureInfo.InvariantCulture, $"{i}.{name}")] = tensor.clone();
                    }
                }

                return saved;
            }

            /// <summary>Puts a saved state in the place of this one. Learning rates are not part of it.</summary>
            /// <exception cref="InvalidOperationException">A key or shape does not fit; nothing was loaded.</exception>
            internal void LoadState(IReadOnlyDictionary<string, Tensor> state)
            {
                var parameters = Open(_parameters);
                using var grad = no_grad();
                var faults = state.Where(e => !Fits(e.Key, e.Value)).Select(e => $"{e.Key} [{string.Join(", ", e.Value.shape)}]").ToList();
                if (faults.Count > 0)
                {
                    throw new InvalidOperationException($"The state does not fit this {GetType().Name} of {parameters.Count} parameters: {string.Join(", ", faults)}");
                }

                Clear();
                foreach (var (key, tensor) in state)
                {
                    var (parameter, name) = Parse(key)!.Value;
                    var own = name == StepKey ? tensor.to(ScalarType.Int64, CPU, copy: true)
                        : NumberNames.Contains(name) ? tensor.to(ScalarType.Float64, CPU, copy: true)
                        : zeros_like(parameter).copy_(tensor);             // in the parameter's layout, as at first: another may round otherwise
                    StateOf(parameter)[name] = own.DetachFromDisposeScope();
                }
            }

            public void Dispose()
            {
                _disposed = true;
                Clear();
                GC.SuppressFinalize(this);
            }

            /// <summary>Names of the tensors kept for each parameter.</summary>
            private protected abstract IReadOnlyCollection<string> StateNames { get; }

            /// <summary>Names of the float64 numbers kept for each parameter, besides the count of steps.</summary>
            private protected virtual IReadOnlyCollection<string> NumberNames => [];

            private protected abstract void Update(Parameter parameter, Tensor gradient, ParamGroup group);

            private protected void Add(ParamGroup group)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(group.LearningRate);
                if (group.Parameters.Any(Open(_known).Contains))
                {
                    throw new ArgumentException("A parameter is in another group already.", nameof(group));
                }

                group.InitialLearningRate = group.LearningRate;
                _groups.Add(group);
                _parameters.AddRange(group.Parameters);
                _known.UnionWith(group.Parameters);
            }

            /// <summary>The gradient of what is made small, weight decay included.</summary>
            private protected static Tensor Decayed(Parameter parameter, Tensor gradient, OptimizerOptions options)
            {
                gradient = options.maximize == true ? gradient.neg() : gradient;
                return options.weight_decay is { } decay and not 0 ? gradient.add(parameter, decay) : gradient;
            }

            /// <summary>A tensor kept for a parameter, zeros at first.</summary>
            private protected Tensor Kept(Parameter parameter, string name) =>
                Find(parameter, name) ?? Keep(parameter, name, zeros_like(parameter));

            private protected Tensor? Find(Parameter parameter, string name) => StateOf(parameter).GetValueOrDefault(name);

            private protected Tensor Keep(Parameter parameter, string name, Tensor tensor) =>
                StateOf(parameter)[name] = tensor.DetachFromDisposeScope();

            /// <summary>Counts this update; the first is 1.</summary>
            private protected long CountStep(Parameter parameter)
            {
                var step = Find(parameter, StepKey) ?? Keep(parameter, StepKey, tensor(0L));
                return step.add_(1).item<long>();
            }

            private T Open<T>(T part)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return part;
            }

            private Dictionary<string, Tensor> StateOf(Parameter parameter)
            {
                if (!_state.TryGetValue(parameter, out var state))
                {
                    _state[parameter] = state = [];
                }

                return state;
            }

            private bool Fits(string key, Tensor value) => Parse(key) is var (parameter, name)
                && (name == StepKey || NumberNames.Contains(name) ? value.numel() == 1 : StateNames.Contains(name) && value.shape.AsSpan().SequenceEqual(parameter.shape));

            private (Parameter Parameter, string Name)? Parse(string key)
            {
                var dot = key.IndexOf('.', StringComparison.Ordinal);
                return dot > 0 && int.TryParse(key.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < _parameters.Count
                    ? (_parameters[i], key[(dot + 1)..])
                    : null;
            }

            private void Clear()
            {
                foreach (var tensor in _state.Values.SelectMany(s => s.Values))
                {
                    tensor.Dispose();
                }

                _state.Clear();
            }
        }
    }
}
