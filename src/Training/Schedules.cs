using Osteon.Abstractions;

namespace Osteon.Training;

/// <summary>Options all schedules share.</summary>
public record ScheduleOptions
{
    /// <summary>Share of all steps over which the rate climbs from 0 to its full value, in [0, 1).</summary>
    public double Warmup { get; init; }
}

/// <summary>Half a cosine from 1 down to a floor (Loshchilov and Hutter 2017, arXiv:1608.03983, without restarts).</summary>
public sealed record CosineOptions : ScheduleOptions
{
    /// <summary>The last factor.</summary>
    public double Floor { get; init; } = 0.01;
}

/// <summary>(1 − t)^power, as nnU-Net and DeepLab use it.</summary>
public sealed record PolyOptions : ScheduleOptions
{
    /// <summary>The exponent.</summary>
    public double Power { get; init; } = 0.9;
}

/// <summary>The learning rate's factor as a function of progress alone: nothing to save, nothing to restore.</summary>
public static class Schedules
{
    /// <summary>Options by name.</summary>
    public static IReadOnlyDictionary<string, Type> Options { get; } = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["Constant"] = typeof(ScheduleOptions),
        ["Cosine"] = typeof(CosineOptions),
        ["Poly"] = typeof(PolyOptions),
    };

    /// <summary>The factor for a step.</summary>
    /// <param name="options">A record of <see cref="Options"/>.</param>
    /// <param name="step">Steps done, from 0.</param>
    /// <param name="total">Steps in the whole run.</param>
    public static double Factor(ScheduleOptions options, long step, long total)
    {
        var warmup = (long)(options.Warmup * total);
        if (step < warmup)
        {
            return (step + 1.0) / (warmup + 1);
        }

        var t = total == warmup ? 0 : (double)(step - warmup) / (total - warmup);
        return options switch
        {
            CosineOptions o => o.Floor + ((1 - o.Floor) * 0.5 * (1 + Math.Cos(Math.PI * t))),
            PolyOptions o => Math.Pow(1 - t, o.Power),
            _ => 1,
        };
    }

    /// <summary>Refuses a warm-up outside [0, 1).</summary>
    public static ScheduleOptions Checked(ScheduleOptions options) => options.Warmup is >= 0 and < 1
        ? options
        : throw new ConfigurationException($"train.schedule warmup {options.Warmup} is outside [0, 1): it is a share of all steps.");
}
