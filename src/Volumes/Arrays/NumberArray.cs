using System.Runtime.InteropServices;

namespace Osteon.Volumes;

/// <summary>Numbers of any count of axes, as a NumPy, NIfTI, MATLAB or DICOM file holds them.</summary>
public sealed class NumberArray
{
    private readonly byte[] _bytes;
    private readonly long[] _strides;

    /// <summary>Takes over the numbers.</summary>
    /// <param name="type">What they are.</param>
    /// <param name="shape">Length of each axis; none for a single number.</param>
    /// <param name="firstFastest">True where the first axis moves fastest in memory (Fortran, MATLAB, NIfTI), false where the last does (C).</param>
    /// <param name="bytes">Little-endian, without gaps.</param>
    /// <exception cref="ArgumentException">The bytes do not fit the shape.</exception>
    public NumberArray(NumberType type, IReadOnlyList<int> shape, bool firstFastest, byte[] bytes)
    {
        if (shape.Any(length => length < 0))
        {
            throw new ArgumentException($"An axis of {TextOf(shape)} is negative.", nameof(shape));
        }

        // Long axes beside an empty one hold nothing.
        var count = shape.Contains(0) ? 0 : shape.Aggregate(1L, (product, length) => checked(product * length));
        if (bytes.LongLength != count * type.Size())
        {
            throw new ArgumentException($"{bytes.LongLength} bytes do not fit ({string.Join(", ", shape)}) numbers of {type.Size()} bytes.", nameof(bytes));
        }

        (Type, Shape, FirstFastest, _bytes) = (type, [.. shape], firstFastest, bytes);
        _strides = new long[shape.Count];
        var step = 1L;
        for (var i = 0; i < _strides.Length; i++)
        {
            var axis = firstFastest ? i : _strides.Length - 1 - i;
            _strides[axis] = step;
            step *= shape[axis];
        }
    }

    /// <summary>What the numbers are.</summary>
    public NumberType Type { get; }

    /// <summary>Length of each axis.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Which axis moves fastest in memory.</summary>
    public bool FirstFastest { get; }

    /// <summary>How many numbers there are.</summary>
    public int Count => _bytes.Length / Type.Size();

    /// <summary>The raw bytes, little-endian; writable in place.</summary>
    public Span<byte> Bytes => _bytes;

    /// <summary>The shape as errors print it, e.g. (512, 512, 7).</summary>
    public string ShapeText => TextOf(Shape);

    /// <summary>The number at a place in memory, whatever its type; beyond 2⁵³ rounded.</summary>
    public double this[int index] => Type switch
    {
        NumberType.Boolean or NumberType.UInt8 => _bytes[index],
        NumberType.Int8 => (sbyte)_bytes[index],
        NumberType.Int16 => As<short>()[index],
        NumberType.UInt16 => As<ushort>()[index],
        NumberType.Int32 => As<int>()[index],
        NumberType.UInt32 => As<uint>()[index],
        NumberType.Int64 => As<long>()[index],
        NumberType.UInt64 => As<ulong>()[index],
        NumberType.Half => (double)As<Half>()[index],
        NumberType.Single => As<float>()[index],
        _ => As<double>()[index],
    };

    /// <summary>An array of numbers in C order, copied.</summary>
    public static NumberArray Of<T>(ReadOnlySpan<T> numbers, params int[] shape)
        where T : unmanaged => new(NumberTypes.Of<T>(), shape, firstFastest: false, MemoryMarshal.AsBytes(numbers).ToArray());

    /// <summary>The numbers as what they are.</summary>
    /// <exception cref="InvalidOperationException">They are of another type.</exception>
    public Span<T> Values<T>()
        where T : unmanaged => NumberTypes.Of<T>() == Type || (typeof(T) == typeof(byte) && Type == NumberType.Boolean)
            ? MemoryMarshal.Cast<byte, T>(_bytes.AsSpan())
            : throw new InvalidOperationException($"The numbers are {Type}, not {typeof(T).Name}.");

    /// <summary>All numbers in memory order.</summary>
    public double[] ToDoubles()
    {
        var numbers = new double[Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = this[i];
        }

        return numbers;
    }

    /// <summary>Elements between two neighbours on an axis.</summary>
    public long Stride(int axis) => _strides[axis];

    /// <summary>A plane of the array, row by row.</summary>
    /// <param name="rowAxis">Which axis counts rows.</param>
    /// <param name="columnAxis">Which axis counts columns.</param>
    /// <param name="at">A place on each axis; those of the two axes are not looked at.</param>
    public double[] Plane(int rowAxis, int columnAxis, params ReadOnlySpan<int> at)
    {
        var start = 0L;
        for (var axis = 0; axis < _strides.Length; axis++)
        {
            if (axis != rowAxis && axis != columnAxis)
            {
                ArgumentOutOfRangeException.ThrowIfNotEqual((uint)at[axis] < (uint)Shape[axis], true, nameof(at));
                start += at[axis] * _strides[axis];
            }
        }

        var (height, width) = (Shape[rowAxis], Shape[columnAxis]);
        var plane = new double[checked(height * width)];
        for (var y = 0; y < height; y++)
        {
            var from = start + (y * _strides[rowAxis]);
            for (var x = 0; x < width; x++, from += _strides[columnAxis])
            {
                plane[(y * width) + x] = this[(int)from];
            }
        }

        return plane;
    }

    internal static string TextOf(IEnumerable<int> shape) => $"({string.Join(", ", shape)})";

    private ReadOnlySpan<T> As<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(_bytes.AsSpan());
}
