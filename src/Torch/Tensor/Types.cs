using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TorchSharp;

/// <summary>Where a tensor lives; libtorch's numbers.</summary>
public enum DeviceType
{
    CPU = 0,
    CUDA = 1,
}

/// <summary>Order of elements in memory; shapes stay (N, C, H, W). libtorch's numbers.</summary>
public enum memory_format
{
    contiguous_format = 0,
    preserve_format = 1,
    channels_last = 2,
}

public static partial class torch
{
    public const ScalarType uint8 = ScalarType.Byte;
    public const ScalarType int8 = ScalarType.Int8;
    public const ScalarType int16 = ScalarType.Int16;
    public const ScalarType int32 = ScalarType.Int32;
    public const ScalarType int64 = ScalarType.Int64;
    public const ScalarType float16 = ScalarType.Float16;
    public const ScalarType bfloat16 = ScalarType.BFloat16;
    public const ScalarType float32 = ScalarType.Float32;
    public const ScalarType float64 = ScalarType.Float64;
    public const ScalarType @bool = ScalarType.Bool;

    public const memory_format contiguous_format = memory_format.contiguous_format;
    public const memory_format preserve_format = memory_format.preserve_format;
    public const memory_format channels_last = memory_format.channels_last;

    /// <summary>Element types; libtorch's numbers.</summary>
    [SuppressMessage("Design", "CA1028", Justification = "TorchSharp's underlying type.")]
    public enum ScalarType : sbyte
    {
        Byte = 0,
        Int8 = 1,
        Int16 = 2,
        Int32 = 3,
        Int64 = 4,
        Float16 = 5,
        Float32 = 6,
        Float64 = 7,
        ComplexFloat32 = 9,
        ComplexFloat64 = 10,
        Bool = 11,
        BFloat16 = 15,
    }

    /// <summary>What a division does with fractions.</summary>
    public enum RoundingMode
    {
        None,
        trunc,
        floor,
    }

    public static Device CPU { get; } = new(DeviceType.CPU);

    public static Device CUDA { get; } = new(DeviceType.CUDA);

    public static Device device(string description) => new(description);

    public static Device device(string deviceType, int index = -1) => new(deviceType, index);

    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);

    /// <summary>A GPU.</summary>
    public static Device device(int index) => new(DeviceType.CUDA, index);

    /// <summary>A device: cpu, or cuda with an index (-1: the current one).</summary>
    public sealed class Device : IEquatable<Device>
    {
        public Device(string deviceType, int index = -1)
            : this(index < 0 ? deviceType : string.Create(CultureInfo.InvariantCulture, $"{deviceType}:{index}"))
        {
        }

        /// <summary>A GPU.</summary>
        public Device(int index)
            : this(DeviceType.CUDA, index)
        {
        }

        public Device(DeviceType deviceType, int index = -1)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(index, -1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(index, sbyte.MaxValue);
            (type, this.index) = (deviceType, index);
        }

        /// <summary>"cpu", "cuda" or "cuda:1".</summary>
        public Device(string description)
        {
            var parts = description.Split(':');
            type = parts[0] switch
            {
                "cpu" => DeviceType.CPU,
                "cuda" => DeviceType.CUDA,
                _ => throw new ArgumentException($"Device '{description}' is unknown; use cpu, cuda or cuda:N.", nameof(description)),
            };
            index = parts.Length switch
            {
                1 => -1,
                2 when sbyte.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var n) => n,
                _ => throw new ArgumentException($"Device '{description}' is unknown; use cpu, cuda or cuda:N.", nameof(description)),
            };
        }

        public DeviceType type { get; }

        public int index { get; }

        internal long Packed => ((long)type << 8) | (uint)(index & 255);

        [SuppressMessage("Usage", "CA2225", Justification = "The constructor is the named alternative.")]
        public static implicit operator Device(string description) => new(description);

        public bool Equals(Device? other) => other is not null && other.type == type && other.index == index;

        public override bool Equals(object? obj) => Equals(obj as Device);

        public override int GetHashCode() => (int)Packed;

        public override string ToString()
        {
            var name = type == DeviceType.CPU ? "cpu" : "cuda";
            return index < 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}:{index}");
        }

        internal static Device Unpack(long packed) => new((DeviceType)(packed >> 8), (sbyte)(packed & 255));
    }
}
