using System.Collections.Concurrent;
using Osteon.Torch.Interop;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>
/// Operators that are linear and treat each axis apart: resizing, reflecting and replicating borders, averaging windows. On a
/// GPU libtorch's gradient of these adds from many threads to one number, in whatever order they come. Where that must not be,
/// the forward pass stays libtorch's, and backward each input element gathers from the few output elements it reached, in
/// order: as many sums as the input has elements, one axis after the other.
/// </summary>
internal static class Separable
{
    private static readonly ConcurrentDictionary<string, Table> s_tables = new(StringComparer.Ordinal);

    /// <summary>Applies the operator.</summary>
    /// <param name="op">Its name.</param>
    /// <param name="x">Its first argument; the last <paramref name="axes"/> dimensions are the ones it acts on.</param>
    /// <param name="axes">How many.</param>
    /// <param name="arguments">Its other arguments; those that leave all axes but the given one as they are, or, for null, all.</param>
    internal static Tensor Of(string op, Tensor x, int axes, Func<int?, Argument[]> arguments)
    {
        if (!Determinism.Routed(x))
        {
            return Aten.Call(op, [x, .. arguments(null)]);
        }

        using var scope = NewDisposeScope();
        Tensor y;
        using (no_grad())
        {
            y = Aten.Call(op, [x, .. arguments(null)]);
        }

        var tables = new List<(long Axis, Table Table)>();
        for (var axis = axes - 1; axis >= 0; axis--)
        {
            var table = TableOf(op, x, axes, axis, arguments(axis));
            if (table.Indices is not null)
            {
                tables.Add((x.ndim - axes + axis, table));
            }
        }

        return Recorded(x, y, tables).MoveToOuterDisposeScope();
    }

    /// <summary>One axis's value; the others take the one that changes nothing.</summary>
    internal static long[]? Only(long[]? values, int? axis, long neutral) =>
        axis is { } a && values is not null ? [.. values.Select((value, i) => i == a ? value : neutral)] : values;

    /// <summary>One axis's value; the others take the one that changes nothing.</summary>
    internal static double[]? Only(double[]? values, int? axis, double neutral) =>
        axis is { } a && values is not null ? [.. values.Select((value, i) => i == a ? value : neutral)] : values;

    /// <summary>One axis's border; pairs come from the last axis backwards.</summary>
    internal static long[] OnlySides(long[] pad, int? axis) =>
        axis is { } a ? [.. pad.Select((width, i) => i / 2 == (pad.Length / 2) - 1 - a ? width : 0)] : pad;

    private static Table TableOf(string op, Tensor x, int axes, int axis, Argument[] arguments)
    {
        var length = x.size(axis - axes);
        var type = x.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var key = $"{op}({string.Join(", ", arguments)}) along {axis} of {axes}: {length} {type} {x.device}";
        return s_tables.GetOrAdd(key, _ => Measure(op, length, type, x.device, axes, axis, arguments));
    }

    /// <summary>The operator's matrix is what it makes of the identity; it is measured on the CPU, and kept as its transpose's few elements.</summary>
    private static Table Measure(string op, long length, ScalarType type, Device device, int axes, int axis, Argument[] arguments)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var shape = Enumerable.Repeat(1L, axes + 2).ToArray();
        (shape[1], shape[axis + 2]) = (length, length);
        var matrix = Aten.Call(op, [eye(length, dtype: type).view(shape), .. arguments]).view(length, -1);
        var width = (int)matrix.size(1);
        var values = matrix.to(ScalarType.Float64).contiguous().data<double>().ToArray();
        var reached = Enumerable.Range(0, (int)length)
            .Select(i => Enumerable.Range(0, width).Where(j => values[(i * (long)width) + j] != 0).ToArray()).ToArray();
        if (width == length && reached.Select((found, i) => found is [var only] && only == i && values[(i * (long)width) + i] == 1).All(same => same))
        {
            return new Table(null, null);
        }

        // Elements that reach fewer repeat their last with weight 0, so that no one else's infinity comes in.
        var most = Math.Max(1, reached.Max(found => found.Length));
        var indices = new long[most * length];
        var weights = new double[most * length];
        for (var i = 0; i < length; i++)
        {
            for (var k = 0; k < most; k++)
            {
                var j = reached[i].Length == 0 ? 0 : reached[i][Math.Min(k, reached[i].Length - 1)];
                indices[(k * length) + i] = j;
                weights[(k * length) + i] = k < reached[i].Length ? values[(i * (long)width) + j] : 0;
            }
        }

        return new Table(
            tensor(indices, [most, length]).to(device).DetachFromDisposeScope(),
            tensor(weights, [most, length]).to(type).to(device).DetachFromDisposeScope());
    }

    private static unsafe Tensor Recorded(Tensor x, Tensor y, List<(long Axis, Table Table)> tables)
    {
        var axes = tables.Select(t => t.Axis).ToArray();
        var indices = tables.Select(t => t.Table.Indices!.Handle).ToArray();
        var weights = tables.Select(t => t.Table.Weights!.Handle).ToArray();
        nint result;
        fixed (long* a = axes)
        fixed (nint* i = indices, w = weights)
        {
            Native.Check(NativeMethods.osteon_separable(x.Handle, y.Handle, a, i, w, axes.Length, &result));
        }

        GC.KeepAlive(x);
        GC.KeepAlive(y);
        return Tensor.Own(result);
    }

    /// <summary>(k, n): the outputs each input reaches, and with what weight; null where the axis stays as it is.</summary>
    private sealed record Table(Tensor? Indices, Tensor? Weights);
}
