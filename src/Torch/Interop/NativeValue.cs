using System.Runtime.InteropServices;

namespace Osteon.Torch.Interop;

/// <summary>What a <see cref="NativeValue"/> holds; the order is bridge.h's.</summary>
internal enum Tag
{
    None, Tensor, Int, Double, Bool, Ints, Doubles, Bools, Tensors, OptionalTensors, String, Device, Generator, Default,
    Tuple, List, Dict,
}

/// <summary>An argument or result as it crosses the boundary; laid out as in bridge.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct NativeValue
{
    [FieldOffset(0)] public Tag Tag;

    /// <summary>Elements or bytes; for a returned tensor the KiB of its storage when that is new.</summary>
    [FieldOffset(4)] public int Count;
    [FieldOffset(8)] public long Integer;
    [FieldOffset(8)] public double Number;
    [FieldOffset(8)] public nint Pointer;
}

[Flags]
internal enum TensorFlags
{
    RequiresGrad = 1,
    Leaf = 2,
    Contiguous = 4,
    ChannelsLast = 8,
}

/// <summary>Metadata of a tensor, as in tensors.cpp.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TensorInfo
{
    public long Elements;
    public long Device;
    public int Dimensions;
    public int Dtype;
    public TensorFlags Flags;
    public int ElementSize;
}

internal enum ScriptMemberKind
{
    Parameter, Buffer, Module,
}

/// <summary>A part of a TorchScript module, as in script.cpp.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ScriptMember
{
    public nint Name;
    public nint Handle;
    public ScriptMemberKind Kind;
    private readonly int _unused;
}
