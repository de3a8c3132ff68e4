using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>A call of an operator that convolves or multiplies matrices.</summary>
/// <param name="Operator">Its name, with its overload.</param>
/// <param name="Weight">The parameter it multiplies with; null for a product of two maps, as in attention.</param>
/// <param name="Place">The last parameter used before or by it.</param>
/// <param name="Output">The result's shape.</param>
/// <param name="Macs">Multiplications that are added up.</param>
public sealed record OperatorCost(string Operator, string? Weight, string Place, IReadOnlyList<long> Output, long Macs);

/// <summary>Counts the multiply-accumulates of what this thread computes, and the shape that each parameter's layer gives.</summary>
/// <remarks>Convolutions and products of matrices count; sums, normalisations, activations and resampling do not, as in the field's tables.</remarks>
public sealed class CostTrace : IOperatorObserver, IDisposable
{
    private readonly Dictionary<nint, string> _names;
    private readonly List<OperatorCost> _costs = [];
    private readonly Dictionary<string, (int Order, long[] Shape)> _shapes = [];
    private readonly IDisposable _observation;
    private string _place = string.Empty;
    private int _order;

    /// <summary>Starts counting.</summary>
    /// <param name="names">What to call a parameter.</param>
    public CostTrace(IEnumerable<(string Name, Tensor Parameter)> names)
    {
        _names = names.ToDictionary(n => n.Parameter.Handle, n => n.Name);
        _observation = Aten.Observe(this);
    }

    /// <summary>The calls so far.</summary>
    public IReadOnlyList<OperatorCost> Costs => _costs;

    /// <summary>What the operator made that used a parameter last, and when, by the parameter's name.</summary>
    public IReadOnlyDictionary<string, (int Order, long[] Shape)> Shapes => _shapes;

    /// <summary>What the last operator made.</summary>
    public IReadOnlyList<long>? Last { get; private set; }

    /// <inheritdoc/>
    public void Called(string op, ReadOnlySpan<Argument> arguments, ReadOnlySpan<Tensor> results)
    {
        foreach (ref readonly var argument in arguments)
        {
            if (argument.Held is Tensor used && _names.TryGetValue(used.Handle, out var name))
            {
                _place = name;
                if (results.Length > 0)
                {
                    _shapes[name] = (_order++, results[0].shape);
                }
            }
        }

        Last = results.Length > 0 ? results[0].shape : Last;
        if (results.Length > 0 && Macs(op.Split('.')[0], arguments, results[0]) is > 0 and var macs)
        {
            string? weight = null;
            foreach (ref readonly var argument in arguments)
            {
                weight ??= argument.Held is Tensor { ndim: > 1 } factor && _names.TryGetValue(factor.Handle, out var known) ? known : null;
            }

            _costs.Add(new OperatorCost(op, weight, _place, results[0].shape, macs));
        }
    }

    /// <summary>Stops counting.</summary>
    public void Dispose() => _observation.Dispose();

    private static long Macs(string op, ReadOnlySpan<Argument> arguments, Tensor result) => op switch
    {
        "conv1d" or "conv2d" or "conv3d" or "convolution" => result.numel() * PerChannel(arguments[1]),
        "conv_transpose1d" or "conv_transpose2d" or "conv_transpose3d" => ((Tensor)arguments[0].Held!).numel() * PerChannel(arguments[1]),
        "linear" or "matmul" or "mm" or "bmm" => result.numel() * ((Tensor)arguments[0].Held!).shape[^1],
        "addmm" or "baddbmm" => result.numel() * ((Tensor)arguments[1].Held!).shape[^1],
        "addbmm" => result.numel() * ((Tensor)arguments[1].Held!).shape[0] * ((Tensor)arguments[1].Held!).shape[^1],
        _ => 0,
    };

    // Of a weight (K, C / groups, …): what one output, or of a transposed one (C, K / groups, …) one input, meets.
    private static long PerChannel(in Argument weight) => ((Tensor)weight.Held!) is var tensor ? tensor.numel() / tensor.shape[0] : 0;
}
