using System.Collections.Frozen;
using System.Text;
using static TorchSharp.torch;

namespace Osteon.Models;

/// <summary>The names a checkpoint may look up, and what it may make with them. Nothing else is looked up, and no code runs.</summary>
internal static class PickleGlobals
{
    public const string OrderedDictionary = "collections.OrderedDict";

    private const int MostAxes = 64;
    private const long MostElements = 1L << 48;
    // A view that repeats its storage (stride 0) is small in the file and as large as it says once it is copied.
    private const long MostRepeated = 1L << 28;

    private static readonly FrozenDictionary<string, ScalarType> s_storages = new Dictionary<string, ScalarType>
    {
        ["torch.FloatStorage"] = ScalarType.Float32,
        ["torch.DoubleStorage"] = ScalarType.Float64,
        ["torch.HalfStorage"] = ScalarType.Float16,
        ["torch.BFloat16Storage"] = ScalarType.BFloat16,
        ["torch.LongStorage"] = ScalarType.Int64,
        ["torch.IntStorage"] = ScalarType.Int32,
        ["torch.ShortStorage"] = ScalarType.Int16,
        ["torch.CharStorage"] = ScalarType.Int8,
        ["torch.ByteStorage"] = ScalarType.Byte,
        ["torch.BoolStorage"] = ScalarType.Bool,
        ["torch.ComplexFloatStorage"] = ScalarType.ComplexFloat32,
        ["torch.ComplexDoubleStorage"] = ScalarType.ComplexFloat64,
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> s_constants = new[]
    {
        "float32", "float", "float64", "double", "float16", "half", "bfloat16", "int64", "long", "int32", "int", "int16",
        "short", "int8", "uint8", "bool", "complex64", "complex128", "strided", "contiguous_format", "preserve_format", "channels_last",
    }.Select(name => "torch." + name).ToFrozenSet();

    private static readonly FrozenSet<string> s_callables = new[]
    {
        OrderedDictionary, "collections.Counter", "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2",
        "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state", "torch.Size", "torch.device",
        "__builtin__.set", "builtins.set", "_codecs.encode",
    }.ToFrozenSet();

    /// <summary>Whether a file may name it.</summary>
    public static bool Allows(string name) => s_storages.ContainsKey(name) || s_constants.Contains(name) || s_callables.Contains(name);

    /// <summary>Why it is refused, and what to do.</summary>
    public static string Refusal(string name)
    {
        var module = name.Split('.')[0];
        var why = module is "numpy"
            ? "the file holds NumPy values, whose making is NumPy's own code"
            : name.StartsWith("torch.", StringComparison.Ordinal)
                ? "the file holds more than tensors of plain types, such as a whole module, whose making is Python's code"
                : "the file would run code of Python's";
        return $"{why}. Only state dictionaries are read: load it in Python, where you trust it, and save with torch.save(model.state_dict(), path)";
    }

    /// <summary>What a call makes.</summary>
    /// <param name="name">One of the allow-list.</param>
    /// <param name="arguments">As in the file.</param>
    /// <param name="cost">Told of each object that is copied, before it is.</param>
    /// <exception cref="FormatException">The name cannot be called with these; the message says why.</exception>
    public static object Call(string name, object?[] arguments, Action<int> cost) => (name, arguments) switch
    {
        (OrderedDictionary or "collections.Counter", []) => new PickleDictionary(),
        (OrderedDictionary, [PickleList pairs]) => Ordered(pairs, cost),
        ("collections.Counter", [PickleDictionary counts]) => counts,
        ("__builtin__.set" or "builtins.set", [PickleList items]) => items,
        ("torch.Size", [PickleTuple sizes]) => sizes,
        ("torch.device", [string device, ..]) => device,
        ("_codecs.encode", [string text, "latin1"]) => Latin1(text, cost),
        ("torch._utils._rebuild_tensor", [StorageReference s, long offset, PickleTuple size, PickleTuple stride]) => Tensor(s, offset, size, stride),
        ("torch._utils._rebuild_tensor_v2", [StorageReference s, long offset, PickleTuple size, PickleTuple stride, bool, PickleDictionary or null]) => Tensor(s, offset, size, stride),
        ("torch._utils._rebuild_tensor_v2", [StorageReference s, long offset, PickleTuple size, PickleTuple stride, bool, PickleDictionary or null, null or PickleDictionary { Items.Count: 0 }]) => Tensor(s, offset, size, stride),
        ("torch._utils._rebuild_parameter", [PthTensor tensor, bool, PickleDictionary or null]) => tensor,
        ("torch._utils._rebuild_parameter_with_state", [PthTensor tensor, bool, PickleDictionary or null, _]) => tensor,
        _ => throw new FormatException($"{name} cannot be called with {Kinds(arguments)}"),
    };

    /// <summary>The storage that a persistent id names.</summary>
    /// <exception cref="FormatException">It names none that can be read; the message says why.</exception>
    public static StorageReference Storage(object? id)
    {
        if (id is PickleTuple { Items: ["storage", PickleGlobal type, string key, string, long length, .. var view] } && s_storages.TryGetValue(type.Name, out var scalar))
        {
            return view switch
            {
                [] or [null] when length >= 0 && length <= MostElements => new StorageReference(scalar, key, length),
                [] or [null] => throw new FormatException($"storage '{key}' claims {length} elements; 0 to {MostElements} are allowed"),
                _ => throw new FormatException($"storage '{key}' is a part of another one, as torch before 0.4 wrote; load and save it with a newer torch"),
            };
        }

        throw new FormatException($"a persistent id must be ('storage', type, key, location, length), not {(id is PickleTuple tuple ? Kinds(tuple.Items) : Kind(id))}");
    }

    private static PickleDictionary Ordered(PickleList pairs, Action<int> cost)
    {
        cost(pairs.Items.Count);
        var dictionary = new PickleDictionary();
        foreach (var pair in pairs.Items)
        {
            var (key, value) = pair switch
            {
                PickleTuple { Items: [{ } k, var v] } => (k, v),
                PickleList { Items: [{ } k, var v] } => (k, v),
                _ => throw new FormatException($"{OrderedDictionary} is made of pairs, not of {Kind(pair)}"),
            };
            dictionary.Set(key, value);
        }

        return dictionary;
    }

    private static byte[] Latin1(string text, Action<int> cost)
    {
        cost(text.Length);
        return Encoding.Latin1.GetBytes(text);
    }

    private static PthTensor Tensor(StorageReference storage, long offset, PickleTuple size, PickleTuple stride)
    {
        var shape = Integers("shape", size);
        var strides = Integers("strides", stride);
        if (shape.Length != strides.Length || offset < 0)
        {
            throw new FormatException($"a tensor of {shape.Length} axes has {strides.Length} strides and begins at element {offset}");
        }

        Int128 count = 1, product = 1, last = offset;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            count *= shape[axis];
            product *= Math.Max(shape[axis], 1);
            last += (Int128)Math.Max(shape[axis] - 1, 0) * strides[axis];
            if (product > MostElements || last > MostElements)
            {
                throw new FormatException($"a tensor of [{string.Join(", ", shape)}] with strides [{string.Join(", ", strides)}] is larger than {MostElements} elements");
            }
        }

        if (count == 0 ? offset > storage.Length : last >= storage.Length)
        {
            throw new FormatException($"a tensor of [{string.Join(", ", shape)}] with strides [{string.Join(", ", strides)}] from element {offset} leaves storage '{storage.Key}' of {storage.Length} elements");
        }

        return count <= Math.Max(storage.Length, MostRepeated)
            ? new PthTensor(storage.Type, shape, strides, offset, storage.Key, storage.Length)
            : throw new FormatException($"a tensor of [{string.Join(", ", shape)}] repeats the {storage.Length} elements of storage '{storage.Key}' beyond {MostRepeated}");
    }

    private static long[] Integers(string what, PickleTuple tuple) =>
        tuple.Items.Length <= MostAxes && tuple.Items.All(item => item is long and >= 0)
            ? Array.ConvertAll(tuple.Items, item => (long)item!)
            : throw new FormatException($"a tensor's {what} must be at most {MostAxes} integers, none negative, not {Kinds(tuple.Items)}");

    private static string Kinds(object?[] values) => $"({string.Join(", ", values.Take(8).Select(Kind))}{(values.Length > 8 ? ", …" : "")})";

    /// <summary>A value as messages show it: never deeper than itself.</summary>
    public static string Kind(object? value) => value switch
    {
        null => "None",
        string { Length: > 40 } text => $"'{text[..40]}…'",
        string text => $"'{text}'",
        long or double or bool => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value}"),
        PickleGlobal global => global.Name,
        PickleTuple tuple => $"a tuple of {tuple.Items.Length}",
        PickleList list => $"a list of {list.Items.Count}",
        PickleDictionary dictionary => $"a dictionary of {dictionary.Items.Count}",
        StorageReference => "a storage",
        PthTensor => "a tensor",
        byte[] bytes => $"{bytes.Length} bytes",
        _ => "a large integer",
    };
}
