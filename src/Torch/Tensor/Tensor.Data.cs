using System.Runtime.CompilerServices;
using Osteon.Torch;
using Osteon.Torch.Interop;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>The elements' bytes in place, valid while the tensor lives.</summary>
        /// <exception cref="InvalidOperationException">Not contiguous, or not on the CPU.</exception>
        public Span<byte> bytes
        {
            get
            {
                var info = Info;
                if (!info.Flags.HasFlag(TensorFlags.Contiguous) && !info.Flags.HasFlag(TensorFlags.ChannelsLast))
                {
                    throw new InvalidOperationException("The tensor is not contiguous; call contiguous() first.");
                }

                return new Span<byte>((void*)Data, checked((int)(info.Elements * info.ElementSize)));
            }

            set => value.CopyTo(bytes);
        }

        private nint Data
        {
            get
            {
                if (device_type != DeviceType.CPU)
                {
                    throw new InvalidOperationException($"The tensor is on {device}; its elements are reachable on the CPU only. Call cpu() first.");
                }

                nint data;
                Native.Check(NativeMethods.osteon_tensor_data(Handle, &data));
                GC.KeepAlive(this);
                return data;
            }
        }

        /// <summary>The elements, in the order of their indices; <typeparamref name="T"/> is the tensor's type exactly.</summary>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            var expected = dtype switch
            {
                ScalarType.Byte => typeof(byte),
                ScalarType.Int8 => typeof(sbyte),
                ScalarType.Int16 => typeof(short),
                ScalarType.Int32 => typeof(int),
                ScalarType.Int64 => typeof(long),
                ScalarType.Float16 => typeof(Half),
                ScalarType.Float32 => typeof(float),
                ScalarType.Float64 => typeof(double),
                ScalarType.Bool => typeof(bool),
                var other => throw new InvalidOperationException($"Elements of type {other} have no counterpart in .NET; convert with to() first."),
            };
            return typeof(T) == expected
                ? new TensorAccessor<T>(this, (T*)Data)
                : throw new InvalidOperationException($"The tensor holds {dtype}, not {typeof(T).Name}; use data<{expected.Name}>() or convert with to().");
        }

        /// <summary>The value of a tensor with one element, converted as a cast would.</summary>
        public T item<T>() where T : unmanaged
        {
            var value = ToScalar();
            if (typeof(T) == typeof(float)) { return As(value.ToSingle()); }
            if (typeof(T) == typeof(double)) { return As(value.ToDouble()); }
            if (typeof(T) == typeof(long)) { return As(value.ToInt64()); }
            if (typeof(T) == typeof(int)) { return As(value.ToInt32()); }
            if (typeof(T) == typeof(short)) { return As(checked((short)value.ToInt64())); }
            if (typeof(T) == typeof(sbyte)) { return As(checked((sbyte)value.ToInt64())); }
            if (typeof(T) == typeof(byte)) { return As(checked((byte)value.ToInt64())); }
            if (typeof(T) == typeof(bool)) { return As(value.ToBoolean()); }
            throw new NotSupportedException($"item<{typeof(T).Name}> is not one of libtorch's types.");

            static T As<TFrom>(TFrom from) => Unsafe.As<TFrom, T>(ref from);
        }

        /// <summary>The value of a tensor with one element.</summary>
        public Scalar ToScalar()
        {
            NativeValue value;
            Native.Check(NativeMethods.osteon_item(Handle, &value));
            GC.KeepAlive(this);
            return value.Tag switch
            {
                Tag.Int => value.Integer,
                Tag.Bool => value.Integer != 0,
                Tag.Double => value.Number,
                _ => throw new TorchException($"A scalar of kind {value.Tag} has no counterpart."),
            };
        }

        public float ToSingle() => item<float>();

        public double ToDouble() => item<double>();

        public long ToInt64() => item<long>();

        public int ToInt32() => item<int>();

        public bool ToBoolean() => item<bool>();
    }
}
