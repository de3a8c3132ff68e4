using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace Osteon.Models;

/// <summary>A tensor described by a checkpoint, whose elements are not read yet.</summary>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Sizes; empty for a scalar.</param>
/// <param name="Strides">Elements from one index to the next, along each axis; none negative.</param>
/// <param name="Offset">Its first element within the storage.</param>
/// <param name="Storage">The storage's key in the file; tensors that name the same one share its elements.</param>
/// <param name="StorageLength">Elements of the storage.</param>
public sealed record PthTensor(ScalarType Type, IReadOnlyList<long> Shape, IReadOnlyList<long> Strides, long Offset, string Storage, long StorageLength);

/// <summary>A dictionary of a pickle, in the order of insertion.</summary>
/// <remarks>
/// Keys are strings, numbers and booleans by value, anything else by identity: to hash a tuple by value would recurse as deep
/// as the file's author likes.
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "It is a dictionary.")]
internal sealed class PickleDictionary
{
    private readonly Dictionary<object, int> _places = [];
    private readonly List<KeyValuePair<object, object?>> _items = [];

    public IReadOnlyList<KeyValuePair<object, object?>> Items => _items;

    public void Set(object key, object? value)
    {
        if (_places.TryGetValue(key, out var place))
        {
            _items[place] = new(key, value);
        }
        else
        {
            _places.Add(key, _items.Count);
            _items.Add(new(key, value));
        }
    }

    public bool TryGet(object key, out object? value)
    {
        var found = _places.TryGetValue(key, out var place);
        value = found ? _items[place].Value : null;
        return found;
    }
}

/// <summary>A tuple, also a torch.Size.</summary>
internal sealed record PickleTuple(object?[] Items)
{
    // Identity: equality by value would compare what may contain itself.
    public bool Equals(PickleTuple? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>A list or a set.</summary>
internal sealed class PickleList
{
    public List<object?> Items { get; } = [];
}

/// <summary>A name that the file looks up in Python; one of the allow-list.</summary>
internal sealed record PickleGlobal(string Name);

/// <summary>A storage that the file refers to.</summary>
internal sealed record StorageReference(ScalarType Type, string Key, long Length);
