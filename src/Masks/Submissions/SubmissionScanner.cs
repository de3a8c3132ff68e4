using System.Text;

namespace Osteon.Masks;

/// <summary>Splits CSV (RFC 4180) into rows of three fields, in place: a doubled quote loses its twin in the file's own bytes.</summary>
internal sealed unsafe class SubmissionScanner(string path, byte* first, byte* end, List<SubmissionLine> lines)
{
    private readonly byte* _first = first;
    private byte* _at = first;
    private int _line = 1;

    public void Scan()
    {
        if (Rest.StartsWith("\uFEFF"u8))
        {
            _at += 3;
        }

        SkipBlankLines();
        var header = Row();
        if (!Spells(header.Image, "image_name"u8) || !Spells(header.Class, "class"u8) || !Spells(header.Rle, "rle"u8))
        {
            throw Fault(header.Line, $"the header is {Shown(header.Image)},{Shown(header.Class)},{Shown(header.Rle)}; a submission begins with 'image_name,class,rle'");
        }

        for (SkipBlankLines(); _at < end; SkipBlankLines())
        {
            var row = Row();
            lines.Add(row with { Image = BaseName(row.Image) });
        }
    }

    private ReadOnlySpan<byte> Rest => new(_at, (int)Math.Min(end - _at, int.MaxValue));

    private SubmissionLine Row()
    {
        var line = _line;
        var image = Name(line, 1);
        var @class = Name(line, 2);
        var rle = _at < end && *_at == (byte)'"' ? Quoted() : Bare(Rest.IndexOf((byte)'\n'));
        if (_at < end && *_at != (byte)'\n')
        {
            throw Fault(line, "something follows the third field; a row is image_name,class,rle");
        }

        if (_at < end)
        {
            _at++;
            _line++;
        }

        return new SubmissionLine(image, @class, rle, line);
    }

    /// <summary>One of the first two fields, and the comma behind it.</summary>
    private Field Name(int line, int number)
    {
        var field = _at < end && *_at == (byte)'"' ? Quoted() : Bare(Rest.IndexOfAny((byte)',', (byte)'\n'));
        if (_at == end || *_at != (byte)',')
        {
            throw Fault(line, $"the row ends after {number} of 3 fields, {Shown(field)}; a row is image_name,class,rle");
        }

        _at++;
        return field.Length > 0 ? field : throw Fault(line, number == 1 ? "the image name is empty" : "the class is empty");
    }

    private Field Bare(int length)
    {
        var start = _at;
        length = length < 0 ? Rest.Length : length;
        _at += length;
        if (length > 0 && _at[-1] == (byte)'\r' && (_at == end || *_at == (byte)'\n'))
        {
            length--;
        }

        return new Field(start - _first, length);
    }

    private Field Quoted()
    {
        var line = _line;
        var start = ++_at;
        var to = start;
        for (; ; _at++)
        {
            if (_at == end)
            {
                throw Fault(line, "a quoted field is never closed");
            }

            if (*_at == (byte)'"' && (++_at == end || *_at != (byte)'"'))
            {
                break;
            }

            _line += *_at == (byte)'\n' ? 1 : 0;
            *to++ = *_at;
        }

        if (_at < end && *_at == (byte)'\r')
        {
            _at++;
        }

        // What follows a field must not be taken for a part of its number.
        if (to < _at)
        {
            *to = (byte)'"';
        }

        return new Field(start - _first, checked((int)(to - start)));
    }

    private void SkipBlankLines()
    {
        while (_at < end && *_at is (byte)'\n' or (byte)'\r')
        {
            _line += *_at++ == (byte)'\n' ? 1 : 0;
        }
    }

    /// <summary>Folders differ between the machines that predict; the file's name is the key.</summary>
    private Field BaseName(Field image)
    {
        var slash = new ReadOnlySpan<byte>(_first + image.At, image.Length).LastIndexOfAny((byte)'/', (byte)'\\');
        return new Field(image.At + slash + 1, image.Length - slash - 1);
    }

    private bool Spells(Field field, ReadOnlySpan<byte> word) => new ReadOnlySpan<byte>(_first + field.At, field.Length).SequenceEqual(word);

    private string Shown(Field field) =>
        $"'{Encoding.UTF8.GetString(new ReadOnlySpan<byte>(_first + field.At, Math.Min(field.Length, 60)))}{(field.Length > 60 ? "…" : "")}'";

    private MaskFormatException Fault(int line, string what) => new($"{path}({line}): {what}");
}
