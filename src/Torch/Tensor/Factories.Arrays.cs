using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Osteon.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Values are copied; the tensor's type is the array's unless another is asked for.
    public static Tensor tensor(bool scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied(new ReadOnlySpan<bool>(in scalar), [], dtype, device, requires_grad);

    public static Tensor tensor(bool[] data, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<bool>(data, [data.Length], dtype, device, requires_grad);

    public static Tensor tensor(bool[] data, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<bool>(data, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(byte scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied(new ReadOnlySpan<byte>(in scalar), [], dtype, device, requires_grad);

    public static Tensor tensor(byte[] data, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<byte>(data, [data.Length], dtype, device, requires_grad);

    public static Tensor tensor(byte[] data, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<byte>(data, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(sbyte scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied(new ReadOnlySpan<sbyte>(in scalar), [], dtype, device, requires_grad);

    public static Tensor tensor(sbyte[] data, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<sbyte>(data, [data.Length], dtype, device, requires_grad);

    public static Tensor tensor(sbyte[] data, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<sbyte>(data, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(short scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied(new ReadOnlySpan<short>(in scalar), [], dtype, device, requires_grad);

    public static Tensor tensor(short[] data, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<short>(data, [data.Length], dtype, device, requires_grad);

    public static Tensor tensor(short[] data, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<short>(data, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(int scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied(new ReadOnlySpan<int>(in scalar), [], dtype, device, requires_grad);

    public static Tensor tensor(int[] data, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<int>(data, [data.Length], dtype, device, requires_grad);

    public static Tensor tensor(int[] data, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<int>(data, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied(new ReadOnlySpan<long>(in scalar), [], dtype, device, requires_grad);

    public static Tensor tensor(long[] data, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<long>(data, [data.Length], dtype, device, requires_grad);

    public static Tensor tensor(long[] data, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<long>(data, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(float scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied(new ReadOnlySpan<float>(in scalar), [], dtype, device, requires_grad);

    public static Tensor tensor(float[] data, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<float>(data, [data.Length], dtype, device, requires_grad);

    public static Tensor tensor(float[] data, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<float>(data, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(double scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied(new ReadOnlySpan<double>(in scalar), [], dtype, device, requires_grad);

    public static Tensor tensor(double[] data, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<double>(data, [data.Length], dtype, device, requires_grad);

    public static Tensor tensor(double[] data, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Copied<double>(data, dimensions, dtype, device, requires_grad);

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
    public static unsafe Tensor frombuffer(Array rawArray, ScalarType dtype, long[] size)
    {
        if (TypeOf(rawArray.GetType().GetElementType()!) != dtype || size.Aggregate(1L, (n, s) => checked(n * s)) != rawArray.LongLength)
        {
            throw new ArgumentException($"{rawArray.LongLength} elements of {rawArray.GetType().GetElementType()} are no {dtype}[{string.Join(", ", size)}].", nameof(size));
        }

        var pin = GCHandle.Alloc(rawArray, GCHandleType.Pinned);
        nint result;
        int status;
        fixed (long* sizes = size)
        {
            status = NativeMethods.osteon_tensor_from_memory(pin.AddrOfPinnedObject(), sizes, size.Length, (int)dtype, &Unpin, GCHandle.ToIntPtr(pin), &result);
        }

        if (status < 0)
        {
            var error = Native.Error(status, nameof(frombuffer));
            pin.Free();
            throw error;
        }

        return Tensor.Own(result);
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
        var moved = dtype is null && device is null ? made : made.to(device ?? CPU, dtype ?? type);
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
