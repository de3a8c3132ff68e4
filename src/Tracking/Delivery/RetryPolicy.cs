using Osteon.Abstractions;

namespace Osteon.Tracking;

/// <summary>Waits between attempts: doubled each time, with chance added so that many senders do not come back together.</summary>
/// <param name="Most">Attempts in a row without success after which a person is told rather than made to wait.</param>
/// <param name="Factor">The first wait, in seconds.</param>
/// <param name="Jitter">Up to so many seconds more, by chance.</param>
/// <param name="Longest">No wait is longer, but for one that the destination asks for.</param>
internal sealed record RetryPolicy(int Most, double Factor, double Jitter, TimeSpan Longest)
{
    /// <summary>No destination may ask for more.</summary>
    public static readonly TimeSpan LongestAsked = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ShortestDenied = TimeSpan.FromMinutes(1);

    /// <summary>The wait after a failed attempt.</summary>
    /// <param name="attempt">How many failed in a row, from 1.</param>
    /// <param name="error">The last failure.</param>
    /// <param name="chance">Drawn from.</param>
    public TimeSpan After(int attempt, DeliveryException error, ref RandomStream chance)
    {
        var seconds = Math.Min(Factor * Math.Pow(2, Math.Min(attempt, 30) - 1), Longest.TotalSeconds) + (Jitter * chance.NextDouble());
        var wait = TimeSpan.FromSeconds(seconds);
        if (error.After is { } asked)
        {
            return asked > LongestAsked ? LongestAsked : asked > wait ? asked : wait;
        }

        return error.Failure == DeliveryFailure.Denied && wait < ShortestDenied && Factor > 0 ? ShortestDenied : wait;
    }
}
