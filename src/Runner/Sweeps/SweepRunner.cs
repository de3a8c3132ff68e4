using Osteon.Abstractions;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>What a member reached at a point; NaN where training does not tell.</summary>
/// <param name="Member">E.g. unet/fold 0.</param>
/// <param name="Score">The metric.</param>
/// <param name="Epoch">The epoch that was kept, from 1.</param>
/// <param name="Loss">The lowest validation loss.</param>
/// <param name="LossEpoch">Its epoch.</param>
public sealed record SweepMember(string Member, double Score, double Epoch, double Loss, double LossEpoch);

/// <summary>A point and all its members.</summary>
/// <param name="Point">The point.</param>
/// <param name="Score">Mean over members; NaN when it failed.</param>
/// <param name="Members">In plan order; none when it failed.</param>
/// <param name="Failure">Why it failed, or null.</param>
public sealed record SweepResult(SweepPoint Point, double Score, IReadOnlyList<SweepMember> Members, string? Failure)
{
    /// <summary>The lowest validation loss, the mean over members; NaN when it is not known.</summary>
    public double Loss => Members.Count > 0 ? Members.Average(m => m.Loss) : double.NaN;
}

/// <summary>
/// Trains the experiment at each point of its sweep, as many at a time as --jobs allows and their scores do not depend on each other. Points
/// share whatever their settings leave alone: units are found by their facts. Test cases are not looked at: what is chosen by them cannot be judged by them.
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
        var goal = SweepGoal.Of(plan);
        var strategy = OptionsBinder.Bind<SweepStrategy>("sweep.strategy", plan.Strategy);
        CheckAll(strategy, space);
        using var slots = new SemaphoreSlim(session.Options.Jobs);
        List<SweepResult> results = [];
        while (Batch(strategy, space, goal, results) is { Length: > 0 } batch)
        {
            if (DryRun && strategy.NeedsScores(results.Count))
            {
                break;                                              // what comes next is not known
            }

            var made = new SweepResult[batch.Length];
            var (from, options) = (results.Count, new ParallelOptions { MaxDegreeOfParallelism = DryRun ? 1 : session.Options.Jobs, CancellationToken = cancellation });
            await Parallel.ForEachAsync(Enumerable.Range(0, batch.Length), options, async (i, token) =>
            {
                made[i] = await TryAsync(batch[i], goal, slots, token);
                session.Console.Info($"Point {from + i + 1}: {batch[i].Label}: {(made[i].Failure is null ? DryRun ? "would be tried" : SweepTable.Number(made[i].Score) : "failed")}");
            });
            results.AddRange(made);
        }

        return results;
    }

    // All points up to the first one that depends on a score, or that one alone.
    private SweepPoint[] Batch(SweepStrategy strategy, SweepSpace space, SweepGoal goal, List<SweepResult> results)
    {
        List<SweepTrial> trials = [.. results.Select(r => new SweepTrial(r.Point, goal.Gain(r.Score)))];
        while (strategy.Propose(space, trials, session.Plan.Seed) is { } point)
        {
            trials.Add(new SweepTrial(point, double.NaN));
            if (strategy.NeedsScores(trials.Count))
            {
                break;
            }
        }

        return [.. trials.Skip(results.Count).Select(t => t.Point)];
    }

    private void CheckAll(SweepStrategy strategy, SweepSpace space)
    {
        List<SweepTrial> trials = [];
        List<string> faults = [];
        while (!strategy.NeedsScores(trials.Count) && strategy.Propose(space, trials, session.Plan.Seed) is { } point)
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

    private async Task<SweepResult> TryAsync(SweepPoint point, SweepGoal goal, SemaphoreSlim slots, CancellationToken cancellation)
    {
        using var at = session.At(point.Label, point.Set);
        var runner = new StageRunner(at, new SharedExecutor(executor(at), slots)) { DryRun = DryRun, IsTerse = true };
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

        SweepMember[] members = [.. Member.Of(at.Plan).Select(m => MemberOf(m, at.OutputOf(m.UnitOf(Last)).Metrics, goal.Metric))];
        return new SweepResult(point, members.Average(m => m.Score), members, null);
    }

    private SweepMember MemberOf(Member member, IReadOnlyDictionary<string, double> told, string metric) =>
        new(member.ToString(), Score(told, metric), told.GetValueOrDefault("best_epoch", double.NaN), told.GetValueOrDefault("lowest_val_loss", double.NaN), told.GetValueOrDefault("lowest_val_loss_epoch", double.NaN));

    private double Score(IReadOnlyDictionary<string, double> metrics, string metric) =>
        DryRun ? double.NaN
        : metrics.TryGetValue(metric, out var score) ? score
        : throw new ConfigurationException($"{session.Loaded.MarkOf("sweep.metric")}: sweep.metric: training tells no '{metric}'. It tells {string.Join(", ", metrics.Keys.Order(StringComparer.Ordinal))}.");

    /// <summary>Lets no more units run at a time than the command may, whatever point they belong to.</summary>
    private sealed class SharedExecutor(IUnitExecutor inner, SemaphoreSlim slots) : IUnitExecutor
    {
        public async Task RunAsync(Unit unit, bool forced, CancellationToken cancellation)
        {
            await slots.WaitAsync(cancellation);
            try
            {
                await inner.RunAsync(unit, forced, cancellation);
            }
            finally
            {
                slots.Release();
            }
        }
    }
}
