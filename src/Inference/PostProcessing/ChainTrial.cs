using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Inference;

/// <summary>Validation cases on their way through a chain: as the kept steps left them, and as a step under trial would leave them.</summary>
/// <param name="cases">The cases.</param>
/// <param name="without">Takes them as they are predicted when what is tuned is tuned without a group; null: without none.</param>
/// <param name="mode">In multiclass mode pixels without a class in the truth are not judged.</param>
internal sealed class ChainTrial(IReadOnlyList<ValidationCase> cases, string? without, LabelMode mode)
{
    private readonly JudgedPixels[] _judged = [.. cases.Select(c => mode.Judged(c.Truth))];
    private IReadOnlyList<Mask>[] _masks = [.. cases.Select(c => Predicted(c, without))], _tried = [];
    private double[][] _dice = [.. cases.Select(c => mode.Judged(c.Truth).Of(Predicted(c, without)).Select((mask, k) => MaskMetrics.Dice(mask, c.Truth[k], EmptyRule.One)).ToArray())], _scored = [];

    /// <summary>Mean Dice of the cases, over cases and then over classes.</summary>
    public double Dice => Mean(_dice);

    /// <summary>The same with the step under trial.</summary>
    public double Reached => Mean(_scored);

    /// <summary>What the step under trial gives each case.</summary>
    public double[] Gains => [.. _scored.Zip(_dice, (with, before) => with.Average() - before.Average())];

    /// <summary>Puts a step on trial.</summary>
    /// <param name="classes">Those it looks at.</param>
    /// <param name="step">What it makes of an image's masks.</param>
    /// <param name="done">Has tried it already, on masks some of which are these: what it looks at alone decides what it makes of them. Null: nobody has.</param>
    public void Try(int[] classes, Func<IReadOnlyList<Mask>, IReadOnlyList<Mask>> step, ChainTrial? done)
    {
        (_tried, _scored) = (new IReadOnlyList<Mask>[_masks.Length], new double[_masks.Length][]);
        Parallel.For(0, _masks.Length, i =>
        {
            if (done is not null && classes.All(k => ReferenceEquals(_masks[i][k], done._masks[i][k])))
            {
                _tried[i] = [.. _masks[i].Select((mask, k) => classes.Contains(k) ? done._tried[i][k] : mask)];
                _scored[i] = [.. _dice[i].Select((dice, k) => classes.Contains(k) ? done._scored[i][k] : dice)];
                return;
            }

            _tried[i] = step(_masks[i]);
            _scored[i] = [.. _tried[i].Select((mask, k) => ReferenceEquals(mask, _masks[i][k]) ? _dice[i][k] : MaskMetrics.Dice(_judged[i].Of(mask), cases[i].Truth[k], EmptyRule.One))];
        });
    }

    /// <summary>Keeps the step that was tried last.</summary>
    public void Keep() => (_masks, _dice) = (_tried, _scored);

    private static IReadOnlyList<Mask> Predicted(ValidationCase one, string? without) => without is not null && one.Without.TryGetValue(without, out var own) ? own : one.Predicted;

    private static double Mean(double[][] dice) => Enumerable.Range(0, dice[0].Length).Average(k => dice.Average(d => d[k]));
}
