using System.Security.Cryptography;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>One call of an operator, by digests of all bits that went in and came out.</summary>
/// <param name="Operator">Its name, with its overload.</param>
/// <param name="Place">The last parameter used before or by it, e.g. "encoder.conv1.weight".</param>
/// <param name="Arguments">Its arguments as text: numbers, and tensors by type and shape.</param>
/// <param name="Inputs">Numbers of the values it read.</param>
/// <param name="Outputs">Numbers of the values it made or changed.</param>
/// <param name="Read">Digests of the former, at the time of the call.</param>
/// <param name="Made">Digests of the latter, after it.</param>
public sealed record OperatorBits(string Operator, string Place, string Arguments, IReadOnlyList<int> Inputs, IReadOnlyList<int> Outputs, IReadOnlyList<string> Read, IReadOnlyList<string> Made);

/// <summary>
/// Records what this thread's operators compute, to the bit, so that two runs can be compared call by call. Holds every value
/// until disposed, as much memory as autograd would.
/// </summary>
public sealed class BitTrace : IOperatorObserver, IDisposable
{
    private const int Chunk = 1 << 28;

    private readonly Dictionary<nint, int> _numbers = [];
    private readonly List<Tensor> _values = [];
    private readonly List<string> _digests = [];
    private readonly Dictionary<nint, string> _names;
    private readonly List<OperatorBits> _operators = [];
    private readonly IDisposable _observation;
    private string _place = "the start";

    /// <summary>Starts recording.</summary>
    /// <param name="names">What to call a parameter.</param>
    public BitTrace(IEnumerable<(string Name, Tensor Parameter)> names)
    {
        _names = names.ToDictionary(n => n.Parameter.Handle, n => n.Name);
        _observation = Aten.Observe(this);
    }

    /// <summary>The calls so far.</summary>
    public IReadOnlyList<OperatorBits> Operators => _operators;

    /// <summary>Digests of the loss's gradient with respect to each value recorded so far, by number; null where there is none.</summary>
    public IReadOnlyList<string?> Gradients { get; private set; } = [];

    /// <summary>As loss.backward(): leaves each parameter's gradient in its grad, and the digests of all gradients in <see cref="Gradients"/>.</summary>
    public void Backward(Tensor loss)
    {
        using var unobserved = Aten.Observe(null);
        var digests = new string?[_values.Count];
        var sought = Enumerable.Range(0, _values.Count).Where(i => _values[i].requires_grad).ToArray();
        var found = autograd.grad([loss], [.. sought.Select(i => _values[i])], allow_unused: true);
        foreach (var (i, gradient) in sought.Zip(found))
        {
            digests[i] = gradient is null ? null : Digest(gradient);
            if (_values[i].is_leaf)
            {
                _values[i].grad = gradient;
            }

            gradient?.Dispose();
        }

        Gradients = digests;
    }

    /// <inheritdoc/>
    public void Called(string op, ReadOnlySpan<Argument> arguments, ReadOnlySpan<Tensor> results)
    {
        var inputs = new List<int>();
        var texts = new List<string>();
        foreach (ref readonly var argument in arguments)
        {
            texts.Add(argument.ToString());
            inputs.AddRange(argument.Tensors.Where(tensor => tensor is not null).Select(tensor => Number(tensor!)));
        }

        string[] read = [.. inputs.Select(i => _digests[i])];
        var outputs = new List<int>();
        var made = !op.StartsWith("empty", StringComparison.Ordinal) && !op.StartsWith("new_empty", StringComparison.Ordinal);
        foreach (var result in results)
        {
            var number = Number(result);
            _digests[number] = made ? Digest(result) : "whatever was there";
            outputs.Add(number);
        }

        _operators.Add(new OperatorBits(op, _place, string.Join(", ", texts), inputs, outputs, read, [.. outputs.Select(i => _digests[i])]));
    }

    /// <summary>Ends the recording and lets the values go.</summary>
    public void Dispose()
    {
        _observation.Dispose();
        _values.ForEach(value => value.Dispose());
        _values.Clear();
    }

    /// <summary>SHA-256 over a tensor's bits, in its logical order.</summary>
    public static string Digest(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var flat = tensor.detach().cpu().contiguous().flatten();
        for (var from = 0L; from < flat.NumberOfElements; from += Chunk)
        {
            hash.AppendData(flat.slice(0, from, Math.Min(from + Chunk, flat.NumberOfElements), 1).bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private int Number(Tensor tensor)
    {
        if (_names.TryGetValue(tensor.Handle, out var name))
        {
            _place = name;
        }

        if (_numbers.TryGetValue(tensor.Handle, out var known))
        {
            return known;
        }

        // Held, so that no later tensor comes to lie at the same address.
        _values.Add(tensor.Share().DetachFromDisposeScope());
        _digests.Add(Digest(tensor));
        return _numbers[tensor.Handle] = _values.Count - 1;
    }
}
