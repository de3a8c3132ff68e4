using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>Writes MATLAB files of Level 5, as MATLAB 7 saves them: each variable packed.</summary>
public static class MatWriter
{
    /// <summary>Writes variables, whole or not at all; the same arrays give the same bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="variables">Names of up to 63 ASCII letters, digits and '_'; arrays of at least two axes, the first fastest, no half-precision numbers.</param>
    /// <exception cref="ArgumentException">A name or an array is not so.</exception>
    public static void Write(string path, params (string Name, NumberArray Array)[] variables)
    {
        foreach (var (name, array) in variables)
        {
            if (name.Length is 0 or > 63 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') || array.Shape.Count < 2 || !array.FirstFastest || array.Type == NumberType.Half)
            {
                throw new ArgumentException($"'{name}' {array.ShapeText} of {array.Type} is no MATLAB variable whose first axis is fastest.", nameof(variables));
            }
        }

        AtomicFile.Write(path, stream =>
        {
            stream.Write(Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file, written by Osteon".PadRight(116)));
            stream.Write([0, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x01, (byte)'I', (byte)'M']);
            foreach (var (name, array) in variables)
            {
                var packed = new MemoryStream();
                using (var pack = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
                {
                    pack.Write(Matrix(name, array));
                }

                stream.Write(Tag(15, (int)packed.Length));
                stream.Write(packed.GetBuffer(), 0, (int)packed.Length);
            }
        });
    }

    private static byte[] Matrix(string name, NumberArray array)
    {
        var (kind, type) = array.Type switch
        {
            NumberType.Boolean => (9 | 0x200, 2),
            NumberType.UInt8 => (9, 2),
            NumberType.Int8 => (8, 1),
            NumberType.Int16 => (10, 3),
            NumberType.UInt16 => (11, 4),
            NumberType.Int32 => (12, 5),
            NumberType.UInt32 => (13, 6),
            NumberType.Int64 => (14, 12),
            NumberType.UInt64 => (15, 13),
            NumberType.Single => (7, 7),
            _ => (6, 9),
        };
        var axes = new byte[4 * array.Shape.Count];
        for (var i = 0; i < array.Shape.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(axes.AsSpan(4 * i), array.Shape[i]);
        }

        var content = new MemoryStream();
        Element(content, 6, [(byte)kind, (byte)(kind >> 8), 0, 0, 0, 0, 0, 0]);
        Element(content, 5, axes);
        Element(content, 1, Encoding.ASCII.GetBytes(name));
        Element(content, type, array.Bytes);
        return [.. Tag(14, (int)content.Length), .. content.ToArray()];
    }

    private static void Element(MemoryStream to, int type, ReadOnlySpan<byte> data)
    {
        to.Write(Tag(type, data.Length));
        to.Write(data);
        to.SetLength((to.Length + 7) / 8 * 8);
        to.Position = to.Length;
    }

    private static byte[] Tag(int type, int length)
    {
        var tag = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(tag, type);
        BinaryPrimitives.WriteInt32LittleEndian(tag.AsSpan(4), length);
        return tag;
    }
}
