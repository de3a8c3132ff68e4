using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Training;

/// <summary>
/// Whether training is over before its last epoch. A function of the finished epochs alone, so that no counter has to be saved; it counts
/// as Lightning's EarlyStopping does.
/// </summary>
public static class EarlyStopping
{
    /// <summary>Why it is over, for people; null when it goes on.</summary>
    public static string? Verdict(TrainPlan plan, IReadOnlyList<EpochRecord> history, IReadOnlyList<string> classes)
    {
        if (plan.EarlyStopping is not { } stopping)
        {
            return null;
        }

        var metric = EpochMetric.Of(stopping, plan.Best);
        var (best, at) = (double.NaN, 0);
        foreach (var epoch in history)
        {
            var value = metric.Of(epoch, classes);
            if (stopping.StoppingThreshold is { } enough && metric.IsBetter(value, enough))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{metric.Name} {value:G4} is better than {enough:G4} (train.early_stopping.stopping_threshold)");
            }

            if (metric.IsBetter(value, best, stopping.MinDelta))
            {
                (best, at) = (value, epoch.Epoch);
            }
            else if (epoch.Epoch - at >= stopping.Patience)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{metric.Name} has not been better than {best:G4} of epoch {at} for {epoch.Epoch - at} epochs (train.early_stopping)");
            }
        }

        return null;
    }
}
