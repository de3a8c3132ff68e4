using System.Buffers.Binary;
using System.Numerics;
using Osteon.Abstractions;

namespace Osteon.Models;

/// <summary>
/// Runs the opcodes of a pickle that torch writes, and no others: a stack machine without recursion, calls or imports beyond
/// <see cref="PickleGlobals"/>, whose stack, memo, bytes and objects are bounded.
/// </summary>
/// <remarks>Opcodes: Python's pickletools, protocols 2 to 4. Pickles of Python 2 (SHORT_BINSTRING) included.</remarks>
internal sealed class Unpickler
{
    private const long MostBytes = 64L << 20;
    private const int MostObjects = 8_000_000;
    private const int MostMarks = 100_000;
    private const int LongestInteger = 32;

    private readonly PickleBytes _bytes;
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<uint, object?> _memo = [];
    private readonly Dictionary<string, StorageReference>? _storages;
    private long _at;
    private byte _opcode;
    private int _objects;

    private Unpickler(PickleBytes bytes, Dictionary<string, StorageReference>? storages) => (_bytes, _storages) = (bytes, storages);

    /// <summary>Reads one pickle and leaves the bytes behind its STOP.</summary>
    /// <param name="bytes">Where it begins.</param>
    /// <param name="storages">Takes the storages it refers to, by their keys; the first to use a key counts.</param>
    /// <returns>
    /// null, bool, long, BigInteger, double, string, byte[], <see cref="PickleTuple"/>, <see cref="PickleList"/>,
    /// <see cref="PickleDictionary"/>, <see cref="PickleGlobal"/>, <see cref="StorageReference"/> or <see cref="PthTensor"/>.
    /// </returns>
    /// <exception cref="DataException">Anything outside the allow-list or the bounds; names the opcode, the global and the byte.</exception>
    public static object? Read(PickleBytes bytes, Dictionary<string, StorageReference>? storages = null)
    {
        try
        {
            return new Unpickler(bytes, storages).Run();
        }
        catch (OutOfMemoryException e)
        {
            throw new DataException(bytes.Path, "holds more than this machine's memory.", e);
        }
    }

    private object? Run()
    {
        var begin = _bytes.Position;
        while (true)
        {
            _at = _bytes.Position;
            _opcode = _bytes.Byte();
            if (_opcode == '.')
            {
                return Pop();
            }

            Step();
            if (_bytes.Position - begin > MostBytes)
            {
                throw Fault($"a pickle may have {MostBytes} bytes");
            }
        }
    }

    private void Step()
    {
        switch (_opcode)
        {
            case 0x80: Protocol(_bytes.Byte()); break;
            case 0x95: _bytes.Integer(8); break;                                          // FRAME: a hint of length
            case (byte)'(': Mark(); break;
            case (byte)'0': Pop(); break;
            case (byte)'1': PopToMark(); break;
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'K': Push((long)_bytes.Byte()); break;
            case (byte)'M': Push((long)_bytes.Integer(2)); break;
            case (byte)'J': Push((long)(int)_bytes.Integer(4)); break;
            case 0x8a: Long(_bytes.Byte()); break;
            case 0x8b: Long((int)_bytes.Integer(4)); break;
            case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(_bytes.Bytes(8))); break;
            case (byte)'X': Push(_bytes.Text((long)_bytes.Integer(4))); break;
            case 0x8c: Push(_bytes.Text(_bytes.Byte())); break;
            case 0x8d: Push(_bytes.Text((long)_bytes.Integer(8))); break;
            case (byte)'U': Push(_bytes.Text(_bytes.Byte())); break;
            case (byte)'T': Push(_bytes.Text((int)_bytes.Integer(4))); break;
            case (byte)'C': Push(_bytes.Bytes(_bytes.Byte())); break;
            case (byte)'B': Push(_bytes.Bytes((long)_bytes.Integer(4))); break;
            case (byte)')': Push(new PickleTuple([])); break;
            case (byte)'t': Push(new PickleTuple(PopToMark())); break;
            case 0x85: PushTuple(1); break;
            case 0x86: PushTuple(2); break;
            case 0x87: PushTuple(3); break;
            case (byte)']' or 0x8f: Push(new PickleList()); break;
            case (byte)'a': Extend([Pop()]); break;
            case (byte)'e' or 0x90: Extend(PopToMark()); break;
            case (byte)'}': Push(new PickleDictionary()); break;
            case (byte)'s': SetItems(PopMany(2)); break;
            case (byte)'u': SetItems(PopToMark()); break;
            case (byte)'c': Global(_bytes.Line(), _bytes.Line()); break;
            case 0x93: StackGlobal(PopMany(2)); break;
            case (byte)'R': Reduce(PopMany(2)); break;
            case (byte)'b': Build(PopMany(2)); break;
            case (byte)'Q': Refer(Pop()); break;
            case (byte)'q': Remember(_bytes.Byte()); break;
            case (byte)'r': Remember((uint)_bytes.Integer(4)); break;
            case 0x94: Remember((uint)_memo.Count); break;
            case (byte)'h': Recall(_bytes.Byte()); break;
            case (byte)'j': Recall((uint)_bytes.Integer(4)); break;
            default: throw Fault("this opcode is none that torch writes into a checkpoint, or it would run code");
        }
    }

    private void Protocol(int version)
    {
        if (version is < 2 or > 4)
        {
            throw Fault($"the pickle has protocol {version}; 2, 3 and 4 can be read");
        }
    }

    private void Long(int bytes)
    {
        if (bytes is < 0 or > LongestInteger)
        {
            throw Fault($"an integer of {bytes} bytes; 0 to {LongestInteger} are allowed");
        }

        var value = new BigInteger(_bytes.Bytes(bytes));
        Push(value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value);
    }

    private void Global(string module, string name)
    {
        var full = $"{module}.{name}";
        Push(PickleGlobals.Allows(full) ? new PickleGlobal(full) : throw Fault($"it names {full}, which is not allowed: {PickleGlobals.Refusal(full)}"));
    }

    private void StackGlobal(object?[] names)
    {
        if (names is not [string { Length: < 1024 } module, string { Length: < 1024 } name])
        {
            throw Fault("a global's name must be two strings");
        }

        Global(module, name);
    }

    private void Reduce(object?[] call)
    {
        if (call is not [PickleGlobal function, PickleTuple arguments])
        {
            throw Fault($"{PickleGlobals.Kind(call[0])} cannot be called with {PickleGlobals.Kind(call[1])}");
        }

        Try(() => Push(PickleGlobals.Call(function.Name, arguments.Items, Spend)));
    }

    private void Refer(object? id) => Try(() =>
    {
        var storage = PickleGlobals.Storage(id);
        _storages?.TryAdd(storage.Key, storage);
        Push(storage);
    });

    // An OrderedDict's attributes, such as a state dictionary's _metadata, are of no use here; other objects have none.
    private void Build(object?[] build)
    {
        if (build is not [PickleDictionary made, PickleDictionary])
        {
            throw Fault($"{PickleGlobals.Kind(build[0])} cannot be given the state {PickleGlobals.Kind(build[1])}");
        }

        Push(made);
    }

    private void Extend(object?[] items)
    {
        var target = Top() as PickleList ?? throw Fault("items are added to what is no list");
        target.Items.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        var target = Top() as PickleDictionary ?? throw Fault("items are set in what is no dictionary");
        if (items.Length % 2 != 0)
        {
            throw Fault("a key has no value");
        }

        for (var i = 0; i < items.Length; i += 2)
        {
            target.Set(items[i] ?? throw Fault("None cannot be a key here"), items[i + 1]);
        }
    }

    private void Remember(uint place)
    {
        Spend(1);
        _memo[place] = Top();
    }

    private void Recall(uint place) =>
        Push(_memo.TryGetValue(place, out var value) ? value : throw Fault($"place {place} of the memo is empty"));

    private void Mark()
    {
        if (_marks.Count == MostMarks)
        {
            throw Fault($"more than {MostMarks} marks are open");
        }

        _marks.Push(_stack.Count);
    }

    private void Push(object? value)
    {
        Spend(1);
        _stack.Add(value);
    }

    private void PushTuple(int count) => Push(new PickleTuple(PopMany(count)));

    private object? Top() => _stack.Count > Floor ? _stack[^1] : throw Fault("the stack is empty");

    private object? Pop() => PopMany(1)[0];

    private object?[] PopToMark()
    {
        var mark = _marks.Count > 0 ? Floor : throw Fault("no mark is open");
        var items = PopMany(_stack.Count - mark);
        _marks.Pop();
        return items;
    }

    private object?[] PopMany(int count)
    {
        if (_stack.Count - count < Floor)
        {
            throw Fault("the stack is empty");
        }

        var items = _stack.GetRange(_stack.Count - count, count).ToArray();
        _stack.RemoveRange(_stack.Count - count, count);
        return items;
    }

    private int Floor => _marks.TryPeek(out var mark) ? mark : 0;

    private void Spend(int objects) =>
        _objects = objects <= MostObjects - _objects ? _objects + objects : throw Fault($"the pickle makes more than {MostObjects} objects");

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (FormatException e)
        {
            throw Fault(e.Message, e);
        }
    }

    private DataException Fault(string what, Exception? inner = null)
    {
        var letter = _opcode is > 32 and < 127 ? $" '{(char)_opcode}'" : string.Empty;
        return new DataException(_bytes.Path, $"cannot be read as a checkpoint: at byte {_at}, opcode 0x{_opcode:x2}{letter}: {what}.", inner);
    }
}
