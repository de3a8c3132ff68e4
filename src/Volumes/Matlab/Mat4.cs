using System.Buffers.Binary;
using System.Text;
using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>A variable of a Level 4 file.</summary>
internal sealed record Mat4Variable(MatVariable About, NumberType Type, bool BigEndian, int DataAt)
{
    public NumberArray Read(string path, byte[] bytes)
    {
        var length = (int)MatFile.Count(path, About.Shape, Type.Size()) * Type.Size();
        var numbers = bytes.AsSpan(DataAt, length).ToArray();
        if (BigEndian)
        {
            NumberTypes.Swap(numbers, Type.Size());
        }

        return new NumberArray(Type, About.Shape, firstFastest: true, numbers);
    }
}

/// <summary>Level 4: matrices one after the other, each with five numbers before it.</summary>
internal static class Mat4
{
    private const int MaxName = 4096;

    public static IEnumerable<Mat4Variable> Walk(string path, byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var variable = One(path, bytes, ref at);
            yield return variable;
        }
    }

    private static Mat4Variable One(string path, ReadOnlySpan<byte> bytes, ref int at)
    {
        if (bytes.Length - at < 20)
        {
            throw new DataException(path, $"it ends inside the header at byte {at}: the file is truncated.");
        }

        // MOPT: machine, 0, type of the numbers, kind of the matrix, as decimal digits.
        var little = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
        var big = little is < 0 or > 4999;
        var mopt = big ? BinaryPrimitives.ReverseEndianness(little) : little;
        var (machine, precision, kind) = (mopt / 1000, mopt / 10 % 10, mopt % 10);
        if (mopt is < 0 or > 4999 || mopt / 100 % 10 != 0 || machine > 1 || precision > 5 || kind > 2)
        {
            throw new DataException(path, $"the header at byte {at} is none of Level 4's (its first number is {little}): the file is damaged, or no MATLAB file.");
        }

        var (rows, columns, imaginary, name) = (Int32(bytes[(at + 4)..], big), Int32(bytes[(at + 8)..], big), Int32(bytes[(at + 12)..], big), Int32(bytes[(at + 16)..], big));
        if (rows < 0 || columns < 0 || imaginary is not (0 or 1) || name is < 1 or > MaxName || name > bytes.Length - at - 20)
        {
            throw new DataException(path, $"the header at byte {at} makes no sense ({rows}×{columns}, a name of {name} bytes): the file is damaged.");
        }

        var type = precision switch { 0 => NumberType.Double, 1 => NumberType.Single, 2 => NumberType.Int32, 3 => NumberType.Int16, 4 => NumberType.UInt16, _ => NumberType.UInt8 };
        var length = MatFile.Count(path, [rows, columns], type.Size()) * type.Size() * (1 + imaginary);
        var data = at + 20 + name;
        if (length > bytes.Length - data)
        {
            throw new DataException(path, $"the matrix at byte {at} has {rows}×{columns} numbers, and the file ends before their last: it is truncated.");
        }

        var title = Encoding.Latin1.GetString(bytes.Slice(at + 20, name)).TrimEnd('\0');
        at = data + (int)length;
        return new Mat4Variable(new MatVariable(title, kind switch { 0 => "double", 1 => "char", _ => "sparse" }, [rows, columns], imaginary == 1), type, big, data);
    }

    private static int Int32(ReadOnlySpan<byte> bytes, bool big) => big ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);
}
