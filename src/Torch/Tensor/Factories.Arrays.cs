using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    // Values are copied; the tensor's type is the array's unless another is asked for.
    public static Tensor tensor(bool scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied(new ReadOnlySpan<bool>(in scalar), [], dtype, device, requires_grad);

    public static Tensor tensor(bool[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<bool>(rawArray, [rawArray.Length], dtype, device, requires_grad);

    public static Tensor tensor(bool[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<bool>(rawArray, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(byte scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied(new ReadOnlySpan<byte>(in scalar), [], dtype, device, requires_grad);

    public static Tensor tensor(byte[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<byte>(rawArray, [rawArray.Length], dtype, device, requires_grad);

    public static Tensor tensor(byte[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<byte>(rawArray, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(sbyte scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied(new ReadOnlySpan<sbyte>(in scalar), [], dtype, device, requires_grad);

    public static Tensor tensor(sbyte[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<sbyte>(rawArray, [rawArray.Length], dtype, device, requires_grad);

    public static Tensor tensor(sbyte[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<sbyte>(rawArray, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(short scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied(new ReadOnlySpan<short>(in scalar), [], dtype, device, requires_grad);

    public static Tensor tensor(short[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<short>(rawArray, [rawArray.Length], dtype, device, requires_grad);

    public static Tensor tensor(short[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<short>(rawArray, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(int scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied(new ReadOnlySpan<int>(in scalar), [], dtype, device, requires_grad);

    public static Tensor tensor(int[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<int>(rawArray, [rawArray.Length], dtype, device, requires_grad);

    public static Tensor tensor(int[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<int>(rawArray, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied(new ReadOnlySpan<long>(in scalar), [], dtype, device, requires_grad);

    public static Tensor tensor(long[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<long>(rawArray, [rawArray.Length], dtype, device, requires_grad);

    public static Tensor tensor(long[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<long>(rawArray, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(float scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied(new ReadOnlySpan<float>(in scalar), [], dtype, device, requires_grad);

    public static Tensor tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<float>(rawArray, [rawArray.Length], dtype, device, requires_grad);

    public static Tensor tensor(float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<float>(rawArray, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(double scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied(new ReadOnlySpan<double>(in scalar), [], dtype, device, requires_grad);

    public static Tensor tensor(double[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<double>(rawArray, [rawArray.Length], dtype, device, requires_grad);

    public static Tensor tensor(double[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<double>(rawArray, dimensions, dtype, device, requires_grad);

    /// <summary>A copy of an array of any rank, with its shape.</summary>
    /// <param name="rawArray">Elements of a type that libtorch has, e.g. float[,].</param>
    /// <param name="dtype">Null: the array's.</param>
    /// <param name="device">Null: the CPU.</param>
    /// <param name="requires_grad">Whether gradients are recorded.</param>
    public static Tensor from_array(Array rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        var size = new long[rawArray.Rank];
        for (var d = 0; d < size.Length; d++)
        {
            size[d] = rawArray.GetLongLength(d);
        }

        var type = TypeOf(rawArray.GetType().GetElementType()!);
        var bytes = MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(rawArray), Buffer.ByteLength(rawArray));
        return Copied(bytes, size, type, dtype, device, requires_grad);
    }

    /// <summary>A tensor over an array's own memory: writing to one changes the other. The array stays pinned until the last reference goes.</summary>
    /// <param name="rawArray">Elements of the type that <paramref name="dtype"/> names.</param>
    /// <param name="dtype">The array's.</param>
    /// <param name="count">Elements taken; -1: all that follow.</param>
    /// <param name="offset">The first element taken.</param>
    /// <param name="requires_grad">Whether gradients are recorded.</param>
    /// <returns>A vector; <c>view</c> gives it another shape over the same memory.</returns>
    public static unsafe Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        if (TypeOf(rawArray.GetType().GetElementType()!) != dtype)
        {
            throw new ArgumentException($"Elements of {rawArray.GetType().GetElementType()} are no {dtype}.", nameof(dtype));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, rawArray.LongLength);
        var size = count < 0 ? rawArray.LongLength - offset : count;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, rawArray.LongLength - offset, nameof(count));
        var pin = GCHandle.Alloc(rawArray, GCHandleType.Pinned);
        var first = pin.AddrOfPinnedObject() + (nint)(offset * (Buffer.ByteLength(rawArray) / Math.Max(rawArray.LongLength, 1)));
        return Made(ForeignMemory.Over(first, dtype, [size], pin, &Unpin), requires_grad);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Unpin(nint context) => GCHandle.FromIntPtr(context).Free();

    private static Tensor Copied<T>(ReadOnlySpan<T> data, ReadOnlySpan<long> size, ScalarType? dtype, Device? device, bool requires_grad) where T : unmanaged =>
        Copied(MemoryMarshal.AsBytes(data), size, TypeOf(typeof(T)), dtype, device, requires_grad);

    private static Tensor Copied(ReadOnlySpan<byte> data, ReadOnlySpan<long> size, ScalarType type, ScalarType? dtype, Device? device, bool requires_grad)
    {
        using var scope = NewDisposeScope();
        var made = empty(size.ToArray(), type);
        var bytes = made.bytes;
        if (bytes.Length != data.Length)
        {
            throw new ArgumentException($"{data.Length / made.ElementSize} elements do not fill [{string.Join(", ", made.shape)}].", nameof(size));
        }

        data.CopyTo(bytes);
        var moved = dtype is null && device is null ? made : made.to(dtype ?? type, device ?? CPU);
        return Made(moved, requires_grad).MoveToOuterDisposeScope();
    }

    private static ScalarType TypeOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => ScalarType.Bool,
        TypeCode.Byte => ScalarType.Byte,
        TypeCode.SByte => ScalarType.Int8,
        TypeCode.Int16 => ScalarType.Int16,
        TypeCode.Int32 => ScalarType.Int32,
        TypeCode.Int64 => ScalarType.Int64,
        TypeCode.Single => ScalarType.Float32,
        TypeCode.Double => ScalarType.Float64,
        _ when type == typeof(Half) => ScalarType.Float16,
        _ => throw new ArgumentException($"libtorch has no elements of type {type}.", nameof(type)),
    };
}
