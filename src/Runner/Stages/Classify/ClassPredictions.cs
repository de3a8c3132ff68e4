using System.Buffers;
using System.Globalization;
using System.Text;
using Osteon.Abstractions;
using Osteon.Annotations;
using Osteon.Metrics;

namespace Osteon.Runner;

/// <summary>What was said of one image.</summary>
/// <param name="Id">The case's id, or the image's name where it is no case.</param>
/// <param name="Fold">Of the member that said it; null of several together.</param>
/// <param name="Label">What it is, as a place among the classes; null where that is not known.</param>
/// <param name="Predicted">What it was taken for.</param>
/// <param name="Probabilities">One a class; they add up to 1.</param>
public sealed record ClassPrediction(string Id, int? Fold, int? Label, int Predicted, IReadOnlyList<double> Probabilities)
{
    /// <summary>Taken for its most probable class, the first of equals.</summary>
    public static ClassPrediction Of(string id, int? fold, int? label, IReadOnlyList<double> probabilities) =>
        new(id, fold, label, ClassificationScores.MostProbable(probabilities), probabilities);
}

/// <summary>predictions.csv of a classification: id, fold, label, predicted, and p_CLASS for each class.</summary>
public static class ClassPredictions
{
    private const string Probability = "p_";
    private static readonly SearchValues<char> s_special = SearchValues.Create(",\"\n\r;\t");
    private static readonly string[] s_first = ["id", "fold", "label", "predicted"];

    /// <summary>Writes a row an image.</summary>
    public static void Write(string path, IReadOnlyList<string> classes, IEnumerable<ClassPrediction> predictions)
    {
        var text = new StringBuilder().AppendJoin(',', s_first.Concat(classes.Select(c => Quoted(Probability + c)))).Append('\n');
        foreach (var p in predictions)
        {
            string[] first = [Quoted(p.Id), p.Fold?.ToString(CultureInfo.InvariantCulture) ?? "", p.Label is { } label ? Quoted(classes[label]) : "", Quoted(classes[p.Predicted])];
            text.AppendJoin(',', first.Concat(p.Probabilities.Select(v => v.ToString("R", CultureInfo.InvariantCulture)))).Append('\n');
        }

        AtomicFile.WriteAllText(path, text.ToString());
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="classes">In the order of its columns.</param>
    /// <exception cref="DataException">The file is missing, or is none of these classes.</exception>
    public static IReadOnlyList<ClassPrediction> Read(string path, IReadOnlyList<string> classes)
    {
        var rows = Csv.Read(path, path);
        string[] header = [.. s_first, .. classes.Select(c => Probability + c)];
        if (rows.Count == 0 || !rows[0].SequenceEqual(header))
        {
            throw new DataException(path, $"begins with {string.Join(", ", rows.Count > 0 ? rows[0] : [])}; expected the columns {string.Join(", ", header)}.");
        }

        try
        {
            return [.. rows.Skip(1).Where(row => row is not [""]).Select(row => new ClassPrediction(
                row[0],
                row[1].Length == 0 ? null : int.Parse(row[1], NumberStyles.None, CultureInfo.InvariantCulture),
                row[2].Length == 0 ? null : PlaceOf(row[2], classes),
                PlaceOf(row[3], classes),
                [.. Enumerable.Range(s_first.Length, classes.Count).Select(i => double.Parse(row[i], NumberStyles.Float, CultureInfo.InvariantCulture))]))];
        }
        catch (Exception e) when (e is FormatException or IndexOutOfRangeException or OverflowException)
        {
            throw new DataException(path, $"is no table of predictions: {e.Message}", e);
        }
    }

    /// <summary>Scores of the images whose class is known; null where there is none.</summary>
    public static ClassificationScores? ScoresOf(IEnumerable<ClassPrediction> predictions, int classes)
    {
        ClassPrediction[] known = [.. predictions.Where(p => p.Label is not null)];
        return known.Length == 0 ? null : ClassificationScores.Of([.. known.Select(p => p.Label!.Value)], [.. known.Select(p => p.Probabilities)], [.. known.Select(p => p.Predicted)], classes);
    }

    private static int PlaceOf(string name, IReadOnlyList<string> classes) =>
        classes.ToList().IndexOf(name) is var place and >= 0 ? place : throw new FormatException($"'{name}' is none of the classes {string.Join(", ", classes)}");

    internal static string Quoted(string field) =>
        field.AsSpan().ContainsAny(s_special) || field.AsSpan().Trim().Length < field.Length ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
