using System.Text;
using Osteon.Abstractions;

namespace Osteon.Annotations;

/// <summary>Comma-separated rows after RFC 4180, UTF-8.</summary>
public static class Csv
{
    private const long MaxBytes = 16 << 20;

    /// <summary>All rows, with the header; empty lines are rows of one empty cell.</summary>
    /// <param name="file">Where it lies; at most 16 MiB.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="DataException">The file cannot be read or is too large.</exception>
    public static IReadOnlyList<string[]> Read(string file, string name)
    {
        try
        {
            return new FileInfo(file).Length <= MaxBytes
                ? Parse(File.ReadAllText(file))
                : throw new DataException(name, $"has more than {MaxBytes:N0} bytes.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(name, $"cannot be read: {e.Message}", e);
        }
    }

    private static List<string[]> Parse(string text)
    {
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
            else if (c is ',' or '\n')
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
