using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>A call that used a traced result.</summary>
/// <param name="Operator">Its name, with its overload.</param>
/// <param name="Argument">Which argument the result was, from 0.</param>
/// <param name="Weight">Handle of the second argument, where that is a tensor; else 0.</param>
public sealed record OperatorUse(string Operator, int Argument, nint Weight);

/// <summary>What an operator made with a weight, and who used it.</summary>
/// <param name="Weight">The weight's handle.</param>
/// <param name="Handle">The result's.</param>
/// <param name="Uses">In their order.</param>
public sealed record TracedResult(nint Weight, nint Handle, List<OperatorUse> Uses);

/// <summary>Follows what operators make of certain weights, which they take as their second argument as convolutions and normalisations do. Holds those results until disposed.</summary>
public sealed class UseTrace : IOperatorObserver, IDisposable
{
    private readonly HashSet<nint> _weights;
    private readonly Dictionary<nint, TracedResult> _results = [];
    private readonly Dictionary<nint, int> _calls = [];
    private readonly List<Tensor> _held = [];
    private readonly IDisposable _observation;

    /// <summary>Starts following.</summary>
    /// <param name="makers">Weights whose results are followed.</param>
    public UseTrace(IEnumerable<Tensor> makers)
    {
        _weights = [.. makers.Select(weight => weight.Handle)];
        _observation = Aten.Observe(this);
    }

    /// <summary>What was made.</summary>
    public IEnumerable<TracedResult> Results => _results.Values;

    /// <summary>How often a tensor was the second argument of an operator.</summary>
    public int Calls(nint weight) => _calls.GetValueOrDefault(weight);

    /// <inheritdoc/>
    public void Called(string op, ReadOnlySpan<Argument> arguments, ReadOnlySpan<Tensor> results)
    {
        var weight = arguments.Length > 1 && arguments[1].Held is Tensor second ? second.Handle : 0;
        for (var i = 0; i < arguments.Length; i++)
        {
            foreach (var tensor in arguments[i].Tensors)
            {
                if (tensor is not null && _results.TryGetValue(tensor.Handle, out var used))
                {
                    used.Uses.Add(new OperatorUse(op, i, weight));
                }
            }
        }

        if (weight != 0)
        {
            _calls[weight] = _calls.GetValueOrDefault(weight) + 1;
        }

        if (results.Length == 1 && _weights.Contains(weight))
        {
            // Held, so that no later tensor comes to lie at the same address.
            _held.Add(results[0].Share().DetachFromDisposeScope());
            _results[results[0].Handle] = new TracedResult(weight, results[0].Handle, []);
        }
    }

    /// <summary>Ends it, and lets the results go.</summary>
    public void Dispose()
    {
        _observation.Dispose();
        _held.ForEach(tensor => tensor.Dispose());
        _held.Clear();
    }
}
