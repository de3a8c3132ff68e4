using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Osteon.Torch.Interop;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>What a TorchScript method returned, as .NET values.</summary>
internal static unsafe class ScriptResult
{
    /// <summary>Takes the tensors over; the current scope owns them.</summary>
    /// <returns>
    /// null, Tensor, long, double, bool, string, long[]; a list of tensors as Tensor[]; two to four tensors as a tuple and more as
    /// Tensor[]; a dictionary by its strings; any other list or tuple as object[].
    /// </returns>
    internal static object? Of(in NativeValue value) => value.Tag switch
    {
        Tag.None => null,
        Tag.Tensor => Tensor.Own(value),
        Tag.Int => value.Integer,
        Tag.Double => value.Number,
        Tag.Bool => value.Integer != 0,
        Tag.String => Marshal.PtrToStringUTF8(value.Pointer, value.Count),
        Tag.Ints => new ReadOnlySpan<long>((void*)value.Pointer, value.Count).ToArray(),
        Tag.Tensors => Array.ConvertAll(new ReadOnlySpan<nint>((void*)value.Pointer, value.Count).ToArray(), handle => Tensor.Own(handle)),
        Tag.List => Sequence(Elements(value), tuple: false),
        Tag.Tuple => Sequence(Elements(value), tuple: true),
        Tag.Dict => Dictionary(Elements(value)),
        var other => throw new TorchException($"A result of kind {other} has no counterpart."),
    };

    /// <summary>A result as the type that is asked for.</summary>
    /// <exception cref="TorchException">It is of another type; its tensors are freed.</exception>
    internal static T As<T>(object? result, string method)
    {
        if (result is T fits)
        {
            return fits;
        }

        if (result is ITuple tuple and not Array && typeof(T).IsAssignableFrom(typeof(Tensor[])))
        {
            return (T)(object)Enumerable.Range(0, tuple.Length).Select(i => (Tensor)tuple[i]!).ToArray();
        }

        Free(result);
        throw new TorchException($"{method} returns {result?.GetType().ToString() ?? "None"}; {typeof(T)} was asked for.");
    }

    private static object?[] Elements(in NativeValue value)
    {
        var elements = new object?[value.Count];
        var values = new ReadOnlySpan<NativeValue>((void*)value.Pointer, value.Count);
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = Of(values[i]);
        }

        return elements;
    }

    private static object Sequence(object?[] elements, bool tuple)
    {
        if (elements.Length == 0 || !Array.TrueForAll(elements, element => element is Tensor))
        {
            return elements;
        }

        var tensors = Array.ConvertAll(elements, element => (Tensor)element!);
        return tensors switch
        {
            [var a, var b] when tuple => (a, b),
            [var a, var b, var c] when tuple => (a, b, c),
            [var a, var b, var c, var d] when tuple => (a, b, c, d),
            _ => tensors,
        };
    }

    private static object Dictionary(object?[] entries)
    {
        var pairs = Enumerable.Range(0, entries.Length / 2).Select(i => KeyValuePair.Create((string)entries[2 * i]!, entries[(2 * i) + 1])).ToArray();
        return Array.TrueForAll(pairs, pair => pair.Value is Tensor)
            ? pairs.ToDictionary(pair => pair.Key, pair => (Tensor)pair.Value!)
            : pairs.ToDictionary();
    }

    private static void Free(object? result)
    {
        switch (result)
        {
            case Tensor tensor: tensor.Dispose(); break;
            case ITuple tuple: Array.ForEach(Enumerable.Range(0, tuple.Length).Select(i => tuple[i]).ToArray(), Free); break;
            case IDictionary<string, Tensor> named: Array.ForEach(named.Values.ToArray(), Free); break;
            case IDictionary<string, object?> named: Array.ForEach(named.Values.ToArray(), Free); break;
            case object?[] elements: Array.ForEach(elements, Free); break;
        }
    }
}
