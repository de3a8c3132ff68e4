using System.Runtime.InteropServices;
using System.Text;

namespace Osteon.Masks;

/// <summary>Bytes of a table's memory.</summary>
internal readonly record struct Field(long At, int Length);

/// <summary>A row's fields, without quotes, and the line it begins on.</summary>
internal readonly record struct SubmissionLine(Field Image, Field Class, Field Rle, int Line);

/// <summary>
/// A submission file in memory and where its rows' fields lie. Outside the managed heap, since these files come in tens of
/// megabytes and live for moments.
/// </summary>
internal sealed unsafe class SubmissionTable : IDisposable
{
    public static ReadOnlySpan<byte> Header => "image_name,class,rle"u8;

    private readonly byte* _bytes;
    private readonly long _length;

    private SubmissionTable(string path, byte* bytes, long length)
    {
        Path = path;
        _bytes = bytes;
        _length = length;
    }

    ~SubmissionTable() => Free();

    /// <summary>The file, as it was asked for.</summary>
    public string Path { get; }

    public List<SubmissionLine> Lines { get; } = [];

    /// <summary>Reads a file and finds its rows.</summary>
    /// <exception cref="MaskFormatException">The header or a row has other fields than image, class and RLE.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SubmissionTable Open(string path)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(file);
        var bytes = (byte*)NativeMemory.Alloc((nuint)length + 1);
        var table = new SubmissionTable(path, bytes, length);
        for (var at = 0L; at < length;)
        {
            var read = RandomAccess.Read(file, new Span<byte>(bytes + at, (int)Math.Min(length - at, 1 << 24)), at);
            at += read > 0 ? read : throw new EndOfStreamException($"{path} became shorter while it was read.");
        }

        new SubmissionScanner(path, bytes, bytes + length, table.Lines).Scan();
        return table;
    }

    public ReadOnlySpan<byte> this[Field field] => new(_bytes + field.At, field.Length);

    public string Text(Field field) => Encoding.UTF8.GetString(this[field]);

    /// <summary>A field's bytes, and how many may be read from there.</summary>
    public byte* Locate(Field field, out long readable)
    {
        readable = _length - field.At;
        return _bytes + field.At;
    }

    /// <summary>True when pandas or a person wrote that there is no mask: nothing, or NaN.</summary>
    public bool IsBlank(Field rle) => rle.Length == 0 || (rle.Length == 3 && Ascii.EqualsIgnoreCase(this[rle], "nan"u8));

    /// <summary>A fault in a row, told with its place.</summary>
    public MaskFormatException Fault(in SubmissionLine line, string what, Exception? inner = null) =>
        new($"{Path}({line.Line}): {Text(line.Image)}, {Text(line.Class)}: {what}", inner);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free() => NativeMemory.Free(_bytes);
}
