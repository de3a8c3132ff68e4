using System.Globalization;
using System.Text;
using Osteon.Abstractions;

namespace Osteon.Training;

/// <summary>One epoch's numbers; no times, so that equal runs leave equal files.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="LearningRate">Of the epoch's last step.</param>
/// <param name="TrainLoss">Mean over the epoch's samples.</param>
/// <param name="ValidationLoss">Mean over validation cases.</param>
/// <param name="Dice">Mean validation Dice at the stored resolution, both-empty counting 1.</param>
/// <param name="ClassDice">The same for each class.</param>
public sealed record EpochRecord(int Epoch, double LearningRate, double TrainLoss, double ValidationLoss, double Dice, IReadOnlyList<double> ClassDice)
{
    /// <summary>Mean validation IoU of each class; empty in checkpoints that did not keep it. Told to MLflow, and no part of history.csv.</summary>
    public IReadOnlyList<double> ClassIou { get; init; } = [];
}

/// <summary>history.csv: a row an epoch.</summary>
public static class History
{
    /// <summary>The file's name in a unit's folder.</summary>
    public const string FileName = "history.csv";

    /// <summary>Writes all epochs.</summary>
    public static void Write(string path, IReadOnlyList<string> classes, IEnumerable<EpochRecord> epochs)
    {
        var text = new StringBuilder("epoch,lr,train_loss,val_loss,val_dice");
        foreach (var name in classes)
        {
            text.Append(CultureInfo.InvariantCulture, $",{Quoted($"val_dice/{name}")}");
        }

        text.Append('\n');
        foreach (var e in epochs)
        {
            text.Append(CultureInfo.InvariantCulture, $"{e.Epoch},{e.LearningRate:R},{e.TrainLoss:R},{e.ValidationLoss:R},{e.Dice:R}");
            foreach (var dice in e.ClassDice)
            {
                text.Append(CultureInfo.InvariantCulture, $",{dice:R}");
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
            return [.. File.ReadLines(path).Skip(1).Select(Parse)];
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, "is not a training history: each line is epoch, lr, train_loss, val_loss, val_dice and a Dice a class.", e);
        }
    }

    private static EpochRecord Parse(string line)
    {
        var numbers = line.Split(',').Select(field => double.Parse(field, NumberStyles.Float, CultureInfo.InvariantCulture)).ToArray();
        return numbers is [var epoch, var rate, var loss, var validation, var dice, .. var classes]
            ? new EpochRecord((int)epoch, rate, loss, validation, dice, classes)
            : throw new FormatException(line);
    }

    private static string Quoted(string field) =>
        field.AsSpan().ContainsAny(",\"\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
