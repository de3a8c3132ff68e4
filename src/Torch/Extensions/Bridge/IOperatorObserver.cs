using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>Is told of operators, after each call and on its thread; see <see cref="Aten.Observe"/>.</summary>
public interface IOperatorObserver
{
    /// <summary>An operator was called.</summary>
    /// <param name="op">The name it was called by, with its overload.</param>
    /// <param name="arguments">What it was given.</param>
    /// <param name="results">What it made; of an in-place operator, what it changed. Borrowed for the call.</param>
    void Called(string op, ReadOnlySpan<Argument> arguments, ReadOnlySpan<Tensor> results);
}
