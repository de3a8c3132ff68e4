using System.Text;
using Osteon.Abstractions;

namespace Osteon.Annotations;

/// <summary>A field's bytes in its file, without the quotes around it.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct CsvField(int At, int Length);

/// <summary>
/// A table after RFC 4180 in memory, UTF-8 with or without a mark: fields are places in its bytes, for a column of runs is most of a file
/// that may have hundreds of megabytes. Commas, semicolons or tabs, by the header.
/// </summary>
public sealed class CsvBytes
{
    private const long MaxBytes = 1L << 30;
    private const int MaxColumns = 4096;

    private readonly byte[] _bytes;
    private readonly byte _separator;
    private int _at;
    private int _line = 1;

    private CsvBytes(string path, byte[] bytes)
    {
        (Path, _bytes) = (path, bytes);
        _at = bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        var head = bytes.AsSpan(_at, Math.Max(0, bytes.AsSpan(_at).IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var end ? end : bytes.Length - _at));
        var (commas, semicolons, tabs) = (Count(head, (byte)','), Count(head, (byte)';'), Count(head, (byte)'\t'));
        _separator = (byte)(tabs > Math.Max(commas, semicolons) ? '\t' : semicolons > commas ? ';' : ',');
        Header = Next()?.Fields.Select(Text).Select(h => h.Trim()).ToArray() ?? throw new DataException(path, "the table is empty; a header was expected.");
    }

    /// <summary>What errors call it.</summary>
    public string Path { get; }

    /// <summary>The first row.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>Reads a file and its header.</summary>
    /// <param name="file">Where it lies.</param>
    /// <param name="path">What errors call it.</param>
    /// <exception cref="DataException">The file is missing, too large, or has no header.</exception>
    public static CsvBytes Open(string file, string path)
    {
        try
        {
            var length = new FileInfo(file).Length;
            return length <= MaxBytes ? new CsvBytes(path, File.ReadAllBytes(file)) : throw new DataException(path, $"the table has {length:N0} bytes; at most {MaxBytes:N0} are read. Split it.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, e is FileNotFoundException or DirectoryNotFoundException ? "the table does not exist; the option table names it." : $"the table cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A field's bytes; one that held doubled quotes is not at one place, and comes as text.</summary>
    public ReadOnlySpan<byte> this[CsvField field] => _bytes.AsSpan(field.At, field.Length);

    /// <summary>A field as text, doubled quotes made one.</summary>
    public string Text(CsvField field) => Encoding.UTF8.GetString(this[field]).Replace("\"\"", "\"", StringComparison.Ordinal);

    /// <summary>The next row and the line it begins on; null at the end. Empty lines are passed over.</summary>
    /// <exception cref="DataException">A quote is not closed, or is followed by something else than the field's end.</exception>
    public (int Line, List<CsvField> Fields)? Next()
    {
        while (_at < _bytes.Length && _bytes[_at] is (byte)'\n' or (byte)'\r')
        {
            _line += _bytes[_at++] == (byte)'\n' ? 1 : 0;
        }

        if (_at >= _bytes.Length)
        {
            return null;
        }

        var (line, fields) = (_line, new List<CsvField>());
        while (true)
        {
            fields.Add(_at < _bytes.Length && _bytes[_at] == (byte)'"' ? Quoted(line) : Plain());
            if (fields.Count > MaxColumns)
            {
                throw new DataException(Path, $"line {line} has more than {MaxColumns} columns.");
            }

            if (_at >= _bytes.Length || _bytes[_at] != _separator)
            {
                return (line, fields);
            }

            _at++;
        }
    }

    private CsvField Plain()
    {
        var rest = _bytes.AsSpan(_at);
        var length = rest.IndexOfAny(_separator, (byte)'\n', (byte)'\r');
        var field = new CsvField(_at, length < 0 ? rest.Length : length);
        _at += field.Length;
        return field;
    }

    private CsvField Quoted(int line)
    {
        var start = _at + 1;
        for (var at = start; ; at += 2)
        {
            var quote = at < _bytes.Length ? _bytes.AsSpan(at).IndexOf((byte)'"') : -1;
            if (quote < 0)
            {
                throw new DataException(Path, $"line {line}: a quoted field is never closed.");
            }

            _line += Count(_bytes.AsSpan(at, quote), (byte)'\n');
            at += quote;
            if (at + 1 < _bytes.Length && _bytes[at + 1] == (byte)'"')
            {
                continue;
            }

            _at = at + 1;
            return _at >= _bytes.Length || _bytes[_at] == _separator || _bytes[_at] is (byte)'\n' or (byte)'\r'
                ? new CsvField(start, at - start)
                : throw new DataException(Path, $"line {line}: '{(char)_bytes[_at]}' follows a closing quote; a comma or the line's end was expected.");
        }
    }

    private static int Count(ReadOnlySpan<byte> bytes, byte wanted)
    {
        var count = 0;
        foreach (var b in bytes)
        {
            count += b == wanted ? 1 : 0;
        }

        return count;
    }
}
