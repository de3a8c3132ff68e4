using Osteon.Torch.Interop;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>
/// Any ATen operator by its schema's name, e.g. "relu" or "add.Tensor". Arguments come in the schema's order; those left off
/// at the end take the schema's defaults. An argument that does not fit the schema is a <see cref="TorchException"/>.
/// </summary>
public static unsafe class Aten
{
    private const int MostResults = 8;

    [ThreadStatic]
    private static IOperatorObserver? t_observer;

    /// <summary>Whether this thread's operators are observed, and so are to be called one by one.</summary>
    internal static bool IsObserved => t_observer is not null;

    /// <summary>Calls an operator with one tensor result, which the current dispose scope owns.</summary>
    public static Tensor Call(string op, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Operator.Of(op).Invoke(arguments, &result, 1);
        var tensor = Tensor.Own(result);
        Tell(op, arguments, [tensor]);
        return tensor;
    }

    /// <summary>Calls an operator for its effect; results are dropped.</summary>
    public static void Run(string op, params ReadOnlySpan<Argument> arguments)
    {
        Operator.Of(op).Invoke(arguments, null, 0);
        Tell(op, arguments, arguments.Length > 0 && arguments[0].Held is Tensor changed ? [changed] : []);
    }

    /// <summary>Calls an operator that returns several tensors or a list of them.</summary>
    public static Tensor[] CallMany(string op, params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        var count = Operator.Of(op).Invoke(arguments, results, MostResults);
        if (count == 1 && results[0].Tag == Tag.Tensors)
        {
            var handles = new ReadOnlySpan<nint>((void*)results[0].Pointer, results[0].Count);
            var list = new Tensor[handles.Length];
            for (var i = 0; i < list.Length; i++)
            {
                list[i] = Tensor.Own(handles[i]);
            }

            Tell(op, arguments, list);
            return list;
        }

        var tensors = new Tensor[count];
        for (var i = 0; i < count; i++)
        {
            tensors[i] = Tensor.Own(results[i]);
        }

        Tell(op, arguments, tensors);
        return tensors;
    }

    /// <summary>Calls an operator that returns a bool or an integer.</summary>
    public static long CallInteger(string op, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Operator.Of(op).Invoke(arguments, &result, 1);
        return result.Integer;
    }

    /// <summary>Until disposed, tells an observer, or with null nobody, of every operator that this thread calls; not of those it calls itself.</summary>
    public static IDisposable Observe(IOperatorObserver? observer) => new Observation(observer);

    /// <summary>Whether this libtorch has the operator.</summary>
    public static bool Exists(string op) => Operator.Find(op) is not null;

    /// <summary>The operator's schema, as libtorch writes it.</summary>
    public static string Schema(string op) => Operator.Of(op).Schema;

    private static void Tell(string op, ReadOnlySpan<Argument> arguments, ReadOnlySpan<Tensor> results)
    {
        if (t_observer is not { } observer)
        {
            return;
        }

        t_observer = null;
        try
        {
            observer.Called(op, arguments, results);
        }
        finally
        {
            t_observer = observer;
        }
    }

    private sealed class Observation : IDisposable
    {
        private readonly IOperatorObserver? _before = t_observer;

        internal Observation(IOperatorObserver? observer) => t_observer = observer;

        public void Dispose() => t_observer = _before;
    }
}
