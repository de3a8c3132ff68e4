using System.Text;
using Osteon.Abstractions;

namespace Osteon.Annotations;

/// <summary>
/// Rows after RFC 4180, parted by commas, semicolons or tabs. UTF-8 with or without a mark, UTF-16 with one, and what Korean Windows
/// writes, CP949 (EUC-KR is a part of it).
/// </summary>
public static class Csv
{
    private const long MaxBytes = 16 << 20;
    private const int Korean = 949;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>All rows, with the header; empty lines are rows of one empty cell.</summary>
    /// <param name="file">Where it lies; at most 16 MiB.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="DataException">The file cannot be read, is too large, or is no text in an encoding that is known.</exception>
    public static IReadOnlyList<string[]> Read(string file, string name)
    {
        try
        {
            return new FileInfo(file).Length <= MaxBytes
                ? Parse(Text(File.ReadAllBytes(file)))
                : throw new DataException(name, $"has more than {MaxBytes:N0} bytes.");
        }
        catch (DecoderFallbackException e)
        {
            throw new DataException(name, "is text neither in UTF-8 nor in CP949 (EUC-KR); save it as UTF-8.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(name, $"cannot be read: {e.Message}", e);
        }
    }

    // Bytes of CP949 beyond ASCII are almost never lawful UTF-8; those of UTF-8 are told first.
    private static string Text(byte[] bytes)
    {
        switch (bytes)
        {
            case [0xEF, 0xBB, 0xBF, ..]:
                return Strict.GetString(bytes.AsSpan(3));
            case [0xFF, 0xFE, ..]:
                return new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true).GetString(bytes.AsSpan(2));
            case [0xFE, 0xFF, ..]:
                return new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true).GetString(bytes.AsSpan(2));
            default:
                try
                {
                    return Strict.GetString(bytes);
                }
                catch (DecoderFallbackException)
                {
                    return CodePagesEncodingProvider.Instance.GetEncoding(Korean, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!.GetString(bytes);
                }
        }
    }

    private static List<string[]> Parse(string text)
    {
        var head = text.AsSpan(0, text.IndexOf('\n') is >= 0 and var end ? end : text.Length);
        var (commas, semicolons, tabs) = (head.Count(','), head.Count(';'), head.Count('\t'));
        var separator = tabs > Math.Max(commas, semicolons) ? '\t' : semicolons > commas ? ';' : ',';
        var rows = new List<string[]>();
        var row = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : '\n';
            if (quoted && i < text.Length)
            {
                if (c != '"')
                {
                    cell.Append(c);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append('"');
                    i++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (c == '"' && cell.Length == 0)
            {
                quoted = true;
            }
            else if (c == separator || c == '\n')
            {
                row.Add(cell.ToString().TrimEnd('\r'));
                cell.Clear();
                if (c == '\n')
                {
                    rows.Add([.. row]);
                    row.Clear();
                }
            }
            else
            {
                cell.Append(c);
            }
        }

        return rows;
    }
}
