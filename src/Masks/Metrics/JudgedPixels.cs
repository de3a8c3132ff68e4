namespace Osteon.Masks;

/// <summary>
/// The pixels of a case that predictions are judged by: all of them or, where each pixel is to have one class, those that have one. What is predicted
/// where nobody decided counts for nothing, neither as right nor as wrong.
/// </summary>
/// <remarks>
/// As <c>ignore_index</c> in mmsegmentation's IoUMetric and in torchmetrics. For distances between surfaces the prediction is cut where the truth ends
/// because nobody decided how it goes on.
/// </remarks>
public sealed class JudgedPixels
{
    private readonly Mask? _decided;

    private JudgedPixels(Mask? decided) => (_decided, Undecided) = (decided, decided is null ? 0 : decided.Frame.Area - decided.Area);

    /// <summary>Every pixel.</summary>
    public static JudgedPixels All { get; } = new(null);

    /// <summary>Pixels that are judged of none.</summary>
    public long Undecided { get; }

    /// <summary>Pixels that have a class.</summary>
    /// <param name="truth">One mask a class, background among them.</param>
    public static JudgedPixels WithClass(IReadOnlyList<Mask> truth)
    {
        var decided = truth.Count == 0 ? null : VoteSweep.Vote([.. truth], minVotes: 1);
        return decided is null || decided.Area == decided.Frame.Area ? All : new JudgedPixels(decided);
    }

    /// <summary>What of a prediction is judged; the same mask where every pixel is.</summary>
    /// <exception cref="ArgumentException">The frames differ.</exception>
    public Mask Of(Mask predicted) => _decided is null ? predicted : predicted.Intersect(_decided);

    /// <summary>The same of every class.</summary>
    public IReadOnlyList<Mask> Of(IReadOnlyList<Mask> predicted) => _decided is null ? predicted : [.. predicted.Select(Of)];

    /// <summary>Where nobody decided; null where every pixel is judged.</summary>
    public Mask? Rest => _decided?.Complement();
}
