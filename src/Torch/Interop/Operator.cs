using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Osteon.Torch.Interop;

/// <summary>A resolved ATen operator, or a method of a TorchScript module. Calling it allocates nothing but the result's wrapper.</summary>
internal sealed unsafe class Operator
{
    private const int InlineSlots = 48;
    private static readonly ConcurrentDictionary<string, Operator> s_known = new();

    // Names are literals: nearly always the very same object, found without reading it.
    private static readonly Operator?[] s_recent = new Operator?[1024];
    private readonly nint _handle;
    private readonly bool _changes;

    /// <param name="name">For messages.</param>
    /// <param name="handle">Of the bridge's.</param>
    /// <param name="changes">Whether it may write to what is no argument.</param>
    internal Operator(string name, nint handle, bool changes) => (Name, _handle, _changes) = (name, handle, changes);

    internal string Name { get; }

    /// <summary>Whether it writes to an argument: called a second time it might change that twice.</summary>
    private bool Changes => _changes || Schema.Contains('!', StringComparison.Ordinal);

    internal string Schema => Marshal.PtrToStringUTF8((nint)NativeMethods.osteon_operator_schema(_handle))!;

    /// <summary>Finds an operator by "name" or "name.overload".</summary>
    internal static Operator Of(string name)
    {
        ref var recent = ref s_recent[RuntimeHelpers.GetHashCode(name) & (s_recent.Length - 1)];
        return recent is { } known && ReferenceEquals(known.Name, name) ? known
            : recent = Find(name) ?? throw new TorchException($"no operator aten::{name} in libtorch {Version()}");
    }

    internal static Operator? Find(string name)
    {
        if (s_known.TryGetValue(name, out var known))
        {
            return known;
        }

        var dot = name.IndexOf('.', StringComparison.Ordinal);
        nint handle;
        Native.Check(NativeMethods.osteon_operator("aten::" + (dot < 0 ? name : name[..dot]), dot < 0 ? string.Empty : name[(dot + 1)..], &handle));
        return handle == 0 ? null : s_known.GetOrAdd(name, new Operator(name, handle, changes: false));
    }

    /// <summary>Calls it. Results belong to the caller; lists point into memory that this thread's next call overwrites.</summary>
    [SkipLocalsInit]
    internal int Invoke(ReadOnlySpan<Argument> arguments, NativeValue* results, int capacity)
    {
        var slots = 0;
        foreach (ref readonly var argument in arguments)
        {
            slots += argument.List?.Length ?? 0;
        }

        var inline = stackalloc long[InlineSlots];
        var values = stackalloc NativeValue[arguments.Length];
        var rented = slots > InlineSlots ? ArrayPool<long>.Shared.Rent(slots) : null;
        try
        {
            fixed (long* pooled = rented)
            {
                Pack(arguments, values, rented is null ? inline : pooled);
                var status = NativeMethods.osteon_call(_handle, values, arguments.Length, results, capacity);
                if (status == Native.OutOfMemory)
                {
                    TensorMemory.Relieve();
                    status = Changes ? status : NativeMethods.osteon_call(_handle, values, arguments.Length, results, capacity);
                }

                return status >= 0 ? status : throw Native.Error(status, $"{Name}({Describe(arguments)})");
            }
        }
        finally
        {
            foreach (ref readonly var argument in arguments)
            {
                GC.KeepAlive(argument.Held);
            }

            if (rented is not null)
            {
                ArrayPool<long>.Shared.Return(rented);
            }
        }
    }

    private static void Pack(ReadOnlySpan<Argument> arguments, NativeValue* values, long* slots)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            ref readonly var argument = ref arguments[i];
            values[i].Tag = argument.Tag;
            values[i].Integer = argument.Bits;
            if (argument.List is not { } list)
            {
                continue;
            }

            values[i].Count = list.Length;
            values[i].Pointer = (nint)slots;
            switch (argument.Tag)
            {
                case Tag.Ints: ((long[])list).CopyTo(new Span<long>(slots, list.Length)); break;
                case Tag.Doubles: ((double[])list).CopyTo(new Span<double>(slots, list.Length)); break;
                case Tag.Bools: ((bool[])list).CopyTo(new Span<bool>(slots, list.Length)); break;
                case Tag.String: ((byte[])list).CopyTo(new Span<byte>(slots, list.Length)); break;
                default:
                    var tensors = (Tensor?[])list;
                    for (var j = 0; j < tensors.Length; j++)
                    {
                        slots[j] = tensors[j]?.Handle ?? 0;
                    }

                    break;
            }

            slots += list.Length;
        }
    }

    private static string Describe(ReadOnlySpan<Argument> arguments)
    {
        var texts = new string[arguments.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = arguments[i].ToString();
        }

        return string.Join(", ", texts);
    }

    private static string Version() => Marshal.PtrToStringUTF8((nint)NativeMethods.osteon_torch_version())!;
}
