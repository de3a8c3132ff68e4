namespace Osteon.Volumes;

/// <summary>What an array's numbers are.</summary>
public enum NumberType
{
    /// <summary>One byte, 0 or 1.</summary>
    Boolean,

    /// <summary>sbyte.</summary>
    Int8,

    /// <summary>byte.</summary>
    UInt8,

    /// <summary>short.</summary>
    Int16,

    /// <summary>ushort.</summary>
    UInt16,

    /// <summary>int.</summary>
    Int32,

    /// <summary>uint.</summary>
    UInt32,

    /// <summary>long.</summary>
    Int64,

    /// <summary>ulong.</summary>
    UInt64,

    /// <summary>IEEE 754 binary16.</summary>
    Half,

    /// <summary>IEEE 754 binary32.</summary>
    Single,

    /// <summary>IEEE 754 binary64.</summary>
    Double,
}

/// <summary>Facts about number types.</summary>
public static class NumberTypes
{
    /// <summary>Bytes a number takes.</summary>
    public static int Size(this NumberType type) => type switch
    {
        NumberType.Boolean or NumberType.Int8 or NumberType.UInt8 => 1,
        NumberType.Int16 or NumberType.UInt16 or NumberType.Half => 2,
        NumberType.Int32 or NumberType.UInt32 or NumberType.Single => 4,
        _ => 8,
    };

    /// <summary>False for the three floating types.</summary>
    public static bool IsWhole(this NumberType type) => type < NumberType.Half;

    /// <summary>The type of a C# number.</summary>
    /// <exception cref="NotSupportedException">It is none of these.</exception>
    public static NumberType Of<T>()
        where T : unmanaged =>
        typeof(T) == typeof(byte) ? NumberType.UInt8
        : typeof(T) == typeof(sbyte) ? NumberType.Int8
        : typeof(T) == typeof(bool) ? NumberType.Boolean
        : typeof(T) == typeof(short) ? NumberType.Int16
        : typeof(T) == typeof(ushort) ? NumberType.UInt16
        : typeof(T) == typeof(int) ? NumberType.Int32
        : typeof(T) == typeof(uint) ? NumberType.UInt32
        : typeof(T) == typeof(long) ? NumberType.Int64
        : typeof(T) == typeof(ulong) ? NumberType.UInt64
        : typeof(T) == typeof(Half) ? NumberType.Half
        : typeof(T) == typeof(float) ? NumberType.Single
        : typeof(T) == typeof(double) ? NumberType.Double
        : throw new NotSupportedException($"{typeof(T).Name} is no number of an array file.");

    /// <summary>Turns big-endian numbers into little-endian ones, or back, in place.</summary>
    internal static void Swap(Span<byte> bytes, int size)
    {
        for (var i = 0; size > 1 && i + size <= bytes.Length; i += size)
        {
            bytes.Slice(i, size).Reverse();
        }
    }
}
