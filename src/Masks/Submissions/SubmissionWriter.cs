using System.Buffers;
using System.Text;

namespace Osteon.Masks;

/// <summary>
/// Writes a submission file row by row: UTF-8 without a mark, LF, header <c>image_name,class,rle</c>, quotes only where a name
/// needs them (what pandas writes). Close it with Dispose; the stream stays open and its owner's.
/// </summary>
/// <param name="output">Where to. Give it a stream that only takes its name when it is whole.</param>
/// <param name="convention">How masks are written; by default as hand-bone submissions are.</param>
public sealed class SubmissionWriter(Stream output, RleConvention? convention = null) : IDisposable
{
    private readonly RleConvention _convention = convention ?? RleConvention.HandBone;
    private readonly HashSet<(string Image, string Class)> _written = [];
    private readonly ArrayBufferWriter<byte> _buffer = Begin();

    /// <summary>Appends a row.</summary>
    /// <param name="image">The image's file name; folders are left out.</param>
    /// <param name="class">The class's name.</param>
    /// <param name="mask">Its pixels, perhaps none.</param>
    /// <exception cref="ArgumentException">The row is there already, or a name is empty.</exception>
    public void Write(string image, string @class, Mask mask)
    {
        var name = image[(image.LastIndexOfAny(['/', '\\']) + 1)..];
        if (name.Length == 0 || @class.Length == 0)
        {
            throw new ArgumentException($"A row needs an image name and a class; got '{image}' and '{@class}'.");
        }

        if (!_written.Add((name, @class)))
        {
            throw new ArgumentException($"{name}, {@class} is in the submission already; one row an image and class.");
        }

        WriteName(Encoding.UTF8.GetBytes(name), _buffer);
        WriteName(Encoding.UTF8.GetBytes(@class), _buffer);
        Rle.Encode(mask, _convention, _buffer);
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount > 1 << 18)
        {
            Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Flush();

    /// <summary>A name and the comma behind it.</summary>
    internal static void WriteName(ReadOnlySpan<byte> name, IBufferWriter<byte> output)
    {
        if (name.IndexOfAny("\",\r\n"u8) < 0)
        {
            output.Write(name);
        }
        else
        {
            output.Write("\""u8);
            foreach (var letter in name)
            {
                output.Write(letter == (byte)'"' ? "\"\""u8 : [letter]);
            }

            output.Write("\""u8);
        }

        output.Write(","u8);
    }

    private static ArrayBufferWriter<byte> Begin()
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 19);
        buffer.Write(SubmissionTable.Header);
        buffer.Write("\n"u8);
        return buffer;
    }

    private void Flush()
    {
        output.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
