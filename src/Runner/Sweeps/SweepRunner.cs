using Osteon.Abstractions;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>What a member reached at a point.</summary>
/// <param name="Member">E.g. unet/fold 0.</param>
/// <param name="Score">The metric.</param>
/// <param name="Epoch">At which epoch, from 1; NaN where training does not tell.</param>
public sealed record SweepMember(string Member, double Score, double Epoch);

/// <summary>A point and all its members.</summary>
/// <param name="Point">The point.</param>
/// <param name="Score">Mean over members; NaN when it failed.</param>
/// <param name="Members">In plan order; none when it failed.</param>
/// <param name="Failure">Why it failed, or null.</param>
public sealed record SweepResult(SweepPoint Point, double Score, IReadOnlyList<SweepMember> Members, string? Failure);

/// <summary>
/// Trains the experiment at one point of its sweep after the other. Points share whatever their settings leave alone: units are found by
/// their facts. Test cases are not looked at: what is chosen by them cannot be judged by them.
/// </summary>
/// <param name="session">The experiment itself.</param>
/// <param name="executor">Makes an executor for a point.</param>
public sealed class SweepRunner(ExperimentSession session, Func<ExperimentSession, IUnitExecutor> executor)
{
    private const string Last = "Train";

    /// <summary>Tells what would run, and starts nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Runs the sweep.</summary>
    /// <returns>All points, in the order they were tried.</returns>
    /// <exception cref="ConfigurationException">The sweep is wrong, or a point of it is: told before anything runs.</exception>
    public async Task<IReadOnlyList<SweepResult>> RunAsync(CancellationToken cancellation)
    {
        var plan = session.Plan.Sweep ?? new SweepPlan();
        var space = SweepSpace.Of(session.Loaded);
        var strategy = OptionsBinder.Bind<SweepStrategy>("sweep.strategy", plan.Strategy);
        if (!strategy.IsSequential)
        {
            CheckAll(strategy, space);
        }

        List<SweepResult> results = [];
        while (strategy.Propose(space, [.. results.Select(r => new SweepTrial(r.Point, r.Score))], session.Plan.Seed) is { } point)
        {
            cancellation.ThrowIfCancellationRequested();
            results.Add(await TryAsync(point, plan.Metric, cancellation));
            var last = results[^1];
            session.Console.Info($"Point {results.Count}: {point.Label}: {(last.Failure is null ? DryRun ? "would be tried" : SweepTable.Number(last.Score) : "failed")}");
            if (DryRun && strategy.IsSequential)
            {
                break;                                              // what comes next is not known
            }
        }

        return results;
    }

    private void CheckAll(SweepStrategy strategy, SweepSpace space)
    {
        List<SweepTrial> trials = [];
        List<string> faults = [];
        while (strategy.Propose(space, trials, session.Plan.Seed) is { } point)
        {
            trials.Add(new SweepTrial(point, double.NaN));
            try
            {
                session.At(point.Label, point.Set).Dispose();
            }
            catch (ConfigurationException e)
            {
                faults.AddRange(e.Faults);
            }
        }

        if (faults.Count > 0)
        {
            throw new ConfigurationException([.. faults.Distinct().Take(20)]);
        }
    }

    private async Task<SweepResult> TryAsync(SweepPoint point, string metric, CancellationToken cancellation)
    {
        using var at = session.At(point.Label, point.Set);
        var runner = new StageRunner(at, executor(at)) { DryRun = DryRun, IsTerse = true };
        try
        {
            foreach (var stage in Stages.All.Take(Stages.IndexOf(Last) + 1))
            {
                await runner.RunAsync(stage, cancellation);
            }
        }
        catch (Exception e) when (session.Options.KeepGoing && e is not OperationCanceledException)
        {
            session.Console.Warn($"{point.Label}: {e.Message}");
            return new SweepResult(point, double.NaN, [], e.Message);
        }

        SweepMember[] members = [.. Member.Of(at.Plan).Select(m => (m, at.OutputOf(m.UnitOf(Last)).Metrics)).Select(m => new SweepMember(m.m.ToString(), Score(m.Metrics, metric), m.Metrics.GetValueOrDefault("best_epoch", double.NaN)))];
        return new SweepResult(point, members.Average(m => m.Score), members, null);
    }

    private double Score(IReadOnlyDictionary<string, double> metrics, string metric) =>
        DryRun ? double.NaN
        : metrics.TryGetValue(metric, out var score) ? score
        : throw new ConfigurationException($"{session.Loaded.MarkOf("sweep.metric")}: sweep.metric: training tells no '{metric}'. It tells {string.Join(", ", metrics.Keys.Order(StringComparer.Ordinal))}.");
}
