using System.Globalization;
using System.Text.RegularExpressions;
using Osteon.Abstractions;

namespace Osteon.Models;

/// <summary>Reads tables of published weights: a line a set, columns between tabs, '-' where nothing is known. A line that begins with # is a remark.</summary>
public static partial class WeightTable
{
    private const int MostLines = 100_000;
    private static readonly string[] s_columns = ["encoder", "weights", "id", "file", "url", "sha256", "mean", "std", "range", "licence"];

    /// <summary>All sets of a table, in its order.</summary>
    /// <param name="path">A text file.</param>
    /// <exception cref="ConfigurationException">Lines are wrong; all that are, each with its place.</exception>
    public static IReadOnlyList<PublishedWeights> Read(string path)
    {
        var (sets, faults, header) = (new List<PublishedWeights>(), new List<string>(), false);
        foreach (var (number, line) in File.ReadLines(path).Take(MostLines).Index())
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var cells = line.Split('\t');
            if (!header)
            {
                header = cells.SequenceEqual(s_columns);
                if (!header)
                {
                    throw new DataException($"{path}({number + 1})", $"expected the columns {string.Join(", ", s_columns)}, with tabs between them.");
                }

                continue;
            }

            try
            {
                sets.Add(Row(cells, path));
            }
            catch (FormatException e)
            {
                faults.Add($"{path}({number + 1}): {e.Message}");
            }
        }

        return faults.Count == 0 ? sets : throw new ConfigurationException(faults);
    }

    private static PublishedWeights Row(string[] cells, string path)
    {
        if (cells.Length != s_columns.Length)
        {
            throw new FormatException($"has {cells.Length} columns; expected {s_columns.Length}.");
        }

        Array.ForEach([.. Enumerable.Range(0, cells.Length)], i => cells[i] = cells[i].Trim());
        string[] names = [.. cells[1].Split(',').Select(name => Matching(SetName(), name, "weights", "names of letters, digits, _, + and -, with commas between them"))];
        var url = Uri.TryCreate(cells[4], UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? uri! : throw new FormatException($"url '{cells[4]}' is none; expected http or https.");
        var fixedOptions = new FixedOptions { Mean = Numbers(cells[6], "mean"), Std = Numbers(cells[7], "std"), Range = Numbers(cells[8], "range") is [var low, var high] ? new Interval(low, high) : throw new FormatException($"range '{cells[8]}' is not two numbers.") };
        if (fixedOptions.Validate(new System.ComponentModel.DataAnnotations.ValidationContext(fixedOptions)).FirstOrDefault() is { } wrong)
        {
            throw new FormatException($"{wrong.MemberNames.First()} {wrong.ErrorMessage}");
        }

        return new PublishedWeights(
            cells[0].Length > 0 ? cells[0] : throw new FormatException("names no encoder."),
            names,
            Matching(Folder(), cells[2], "id", "a name or names with '/' between them"),
            Matching(FileName(), cells[3], "file", "a file's name"),
            url,
            cells[5] == "-" ? null : Matching(Digits(), cells[5], "sha256", "8 to 64 hexadecimal digits, or -"),
            fixedOptions,
            cells[9] == "-" ? null : cells[9],
            path);
    }

    private static double[] Numbers(string cell, string column) =>
        [.. cell.Split(',').Select(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : throw new FormatException($"{column} '{cell}' is not numbers with commas between them."))];

    private static string Matching(Regex pattern, string cell, string column, string expected) =>
        pattern.IsMatch(cell) ? cell : throw new FormatException($"{column} '{cell}': expected {expected}.");

    [GeneratedRegex(@"^[A-Za-z0-9_+-]{1,100}\z")]
    private static partial Regex SetName();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._+-]*(/[A-Za-z0-9_][A-Za-z0-9._+-]*){0,4}\z")]
    private static partial Regex Folder();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._+-]{0,200}\z")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^[0-9a-f]{8,64}\z")]
    private static partial Regex Digits();
}
