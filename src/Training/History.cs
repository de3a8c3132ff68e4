using System.Globalization;
using System.Text;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Training;

/// <summary>A validation metric of every class: the mean over the cases where it could be measured, NaN where there is none.</summary>
/// <param name="Name">As in report.metrics.</param>
/// <param name="ByClass">In channel order.</param>
public sealed record ClassMetric(string Name, IReadOnlyList<double> ByClass)
{
    /// <summary>Of all classes together, where that is not the mean over them, as with accuracy.</summary>
    public double? Overall { get; init; }
}

/// <summary>One epoch's numbers; no times, so that equal runs leave equal files.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="LearningRate">Of the epoch's last step.</param>
/// <param name="TrainLoss">Mean over the epoch's samples.</param>
/// <param name="ValidationLoss">Mean over validation cases.</param>
/// <param name="Metrics">Dice, IoU and what else the plan asks for, at the stored resolution; distances in original pixels. Of images: accuracy, ROC AUC and others.</param>
public sealed record EpochRecord(int Epoch, double LearningRate, double TrainLoss, double ValidationLoss, IReadOnlyList<ClassMetric> Metrics)
{
    /// <summary>Classes that validation cases have and that were predicted in none of them.</summary>
    public IReadOnlyList<int> Unpredicted { get; init; } = [];

    /// <summary>The first metric, which people see: mean Dice, or ROC AUC where images are classified.</summary>
    public double Headline => Metrics.Count > 0 ? Mean(Metrics[0].Name) : double.NaN;

    /// <summary>Mean validation Dice, both-empty counting 1.</summary>
    public double Dice => Mean("dice");

    /// <summary>A metric of all classes together, or its mean over the classes that have one; NaN where none has, or where it was not measured.</summary>
    public double Mean(string metric) => Metrics.FirstOrDefault(m => m.Name == metric)?.Overall ?? MaskMetrics.Mean([.. Of(metric)]);

    /// <summary>A metric of every class; empty where it was not measured.</summary>
    public IReadOnlyList<double> Of(string metric) => Metrics.FirstOrDefault(m => m.Name == metric)?.ByClass ?? [];
}

/// <summary>history.csv: a row an epoch; a column a metric (val_dice), then one a metric and class (val_dice/femur).</summary>
public static class History
{
    /// <summary>The file's name in a unit's folder.</summary>
    public const string FileName = "history.csv";

    private const string Prefix = "val_";
    private static readonly string[] s_first = ["epoch", "lr", "train_loss", "val_loss"];

    /// <summary>Writes all epochs, which have the same metrics.</summary>
    public static void Write(string path, IReadOnlyList<string> classes, IReadOnlyList<EpochRecord> epochs)
    {
        string[] metrics = epochs.Count > 0 ? [.. epochs[0].Metrics.Select(m => m.Name)] : [];
        var text = new StringBuilder().AppendJoin(',', [.. s_first, .. metrics.Select(m => Prefix + m), .. metrics.SelectMany(m => classes.Select(c => Quoted($"{Prefix}{m}/{c}")))]).Append('\n');
        foreach (var e in epochs)
        {
            double[] numbers = [e.LearningRate, e.TrainLoss, e.ValidationLoss, .. e.Metrics.Select(m => e.Mean(m.Name)), .. e.Metrics.SelectMany(m => m.ByClass)];
            text.Append(CultureInfo.InvariantCulture, $"{e.Epoch}");
            foreach (var number in numbers)
            {
                text.Append(CultureInfo.InvariantCulture, $",{number:R}");
            }

            text.Append('\n');
        }

        AtomicFile.WriteAllText(path, text.ToString());
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="DataException">The file is not a history.</exception>
    public static IReadOnlyList<EpochRecord> Read(string path)
    {
        try
        {
            var lines = File.ReadAllLines(path);
            string[] columns = [.. Fields(lines.FirstOrDefault() ?? string.Empty)];
            string[] metrics = [.. columns.Skip(s_first.Length).TakeWhile(c => !c.Contains('/', StringComparison.Ordinal)).Select(c => c[Prefix.Length..])];
            var classes = metrics.Length == 0 ? 0 : (columns.Length - s_first.Length - metrics.Length) / metrics.Length;
            return [.. lines.Skip(1).Select(line => Parse(line, columns.Length, metrics, classes))];
        }
        catch (Exception e) when (e is FormatException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, "is not a training history: each line is epoch, lr, train_loss, val_loss, then metrics and those of every class.", e);
        }
    }

    private static EpochRecord Parse(string line, int columns, string[] metrics, int classes)
    {
        var numbers = line.Split(',').Select(field => double.Parse(field, NumberStyles.Float, CultureInfo.InvariantCulture)).ToArray();
        return numbers.Length == columns && numbers is [var epoch, var rate, var loss, var validation, ..]
            ? new EpochRecord((int)epoch, rate, loss, validation,
                [.. metrics.Select((name, m) => new ClassMetric(name, numbers[(s_first.Length + metrics.Length + (m * classes))..][..classes]) { Overall = numbers[s_first.Length + m] })])
            : throw new FormatException(line);
    }

    private static IEnumerable<string> Fields(string header)
    {
        var field = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < header.Length; i++)
        {
            if (header[i] == '"')
            {
                if (isQuoted && i + 1 < header.Length && header[i + 1] == '"')
                {
                    field.Append(header[i++]);
                }
                else
                {
                    isQuoted = !isQuoted;
                }
            }
            else if (header[i] == ',' && !isQuoted)
            {
                yield return field.ToString();
                field.Clear();
            }
            else
            {
                field.Append(header[i]);
            }
        }

        yield return field.ToString();
    }

    private static string Quoted(string field) =>
        field.AsSpan().ContainsAny(",\"\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
