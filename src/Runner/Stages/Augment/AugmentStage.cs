using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;

namespace Osteon.Runner;

/// <summary>
/// Makes extra training cases of each fold's own training cases, and of no others, so that nothing of a validation case reaches training.
/// Leaves a case store, and of every case where it comes from and what was drawn.
/// </summary>
public sealed class AugmentStage : Stage
{
    /// <summary>Where each case comes from, in the stage's folder.</summary>
    public const string Provenance = "provenance.json";

    private static readonly JsonSerializerOptions ForPeople = new() { WriteIndented = true, NewLine = "\n" };

    /// <inheritdoc/>
    public override string Name => "Augment";

    /// <inheritdoc/>
    public override int Version => 3;

    /// <summary>The unit of a fold, for models that see cases of a size.</summary>
    public static string UnitOf(Plan plan, int size, int fold) => $"Augment[{CellOf(plan, size, fold)}]";

    /// <summary>What the facts of a training call the extra cases that it reads.</summary>
    public static string InputOf(int fold) => string.Create(CultureInfo.InvariantCulture, $"Augment[fold={fold}]");

    private static string CellOf(Plan plan, int size, int fold) => string.Join(',', new[] { StoredSizes.CellOf(plan, size), string.Create(CultureInfo.InvariantCulture, $"fold={fold}") }.Where(part => part.Length > 0));

    /// <inheritdoc/>
    public override IEnumerable<Unit> Units(ExperimentSession session)
    {
        var plan = session.Plan;
        if (plan.Augment.Count == 0)
        {
            yield break;
        }

        var transforms = plan.Augment.SelectMany(r => r.Transforms).SelectMany(session.Plugins.Named<Augmentation>);
        var fromOriginals = plan.Augment.Any(r => r.Classes.Count > 0);
        foreach (var (size, fold) in Member.Of(plan).Select(m => (Size: StoredSizes.Of(plan, m.Model), m.Fold)).Distinct().OrderBy(u => u.Size != plan.Convert.Size).ThenBy(u => u.Size).ThenBy(u => u.Fold))
        {
            var inputs = StoredSizes.HashesOf(session, size, ["Split", .. fromOriginals && plan.Data.Synthesize is not null ? ["Synthesize"] : Array.Empty<string>()]);
            if (fromOriginals && plan.Data.Synthesize is null)
            {
                inputs["source"] = session.Hashes.OfFolder(session.SourceRoot, CancellationToken.None);
            }

            var config = new JsonObject
            {
                ["augment"] = new JsonArray([.. plan.Augment.Select(r => (JsonNode)PlanSlices.Json(r with { Compat = null }))]),
                ["fold"] = fold,
                ["seed"] = plan.Seed,
            };
            yield return new Unit(
                Name, CellOf(plan, size, fold), config, session.Digests([(PluginKind.Of<DatasetFormat>(), plan.Data.Format.Name), .. transforms]), inputs);
        }
    }

    /// <inheritdoc/>
    public override string? Forecast(ExperimentSession session, Unit unit)
    {
        var extra = ExtraCasesOf(session, unit);
        return $"{string.Join("; ", extra.Lines)}; in all {extra.All.Count} cases, about {ExtraCases.Megabytes(extra.Bytes)}";
    }

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">The disk has too little room, or a transform makes what no case can hold.</exception>
    public override Task RunAsync(UnitRun run, CancellationToken cancellation)
    {
        var store = StoreOf(run.Session, run.Unit);
        var extra = ExtraCasesOf(run.Session, run.Unit);
        DemandRoom(run, extra.Bytes);
        var maker = new ExtraCaseMaker(run.Session, store, extra.Sources, (int)run.Unit.Config["fold"]!);
        var writer = new CaseStoreWriter(run.Folder, store.Classes);
        var made = new (StoredCase Case, JsonObject Origin)[extra.All.Count];
        var workspaces = new ConcurrentBag<Workspace>();
        using var line = run.Session.Console.Progress(run.Unit.Id);
        var done = 0;
        Parallel.For(0, made.Length, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            var workspace = workspaces.TryTake(out var free) ? free : new Workspace();
            made[i] = maker.Make(extra.All[i], writer, workspace);
            workspace.Reset();
            workspaces.Add(workspace);
            line.Report(Interlocked.Increment(ref done), made.Length, "cases");
        });
        writer.Finish([.. made.Select(m => m.Case)]);
        AtomicFile.WriteAllBytes(Path.Combine(run.Folder, Provenance), JsonSerializer.SerializeToUtf8Bytes(
            new JsonArray([.. made.Select(m => (JsonNode)m.Origin)]), ForPeople));
        run.Headline("cases", made.Length);
        return Task.CompletedTask;
    }

    private static ExtraCases ExtraCasesOf(ExperimentSession session, Unit unit) => ExtraCases.Of(
        session.Plan,
        StoreOf(session, unit),
        Split.Load(Path.Combine(session.OutputOf("Split").Folder, SplitStage.FileName)).Folds[(int)unit.Config["fold"]!]);

    private static CaseStore StoreOf(ExperimentSession session, Unit unit) => CaseStore.Open(session.OutputOf(
        StoredSizes.Of(session.Plan).Select(size => (Cell: CellOf(session.Plan, size, (int)unit.Config["fold"]!), Unit: StoredSizes.UnitOf(session.Plan, size))).First(u => u.Cell == unit.Cell).Unit).Folder);

    private static void DemandRoom(UnitRun run, long bytes)
    {
        var free = new DriveInfo(run.Folder).AvailableFreeSpace;
        if (free < bytes + (bytes / 4))
        {
            throw new ConfigurationException(
                $"{run.Unit.Id} would write about {ExtraCases.Megabytes(bytes)}, and the disk that holds {run.Session.ForPeople(run.Folder)} has {ExtraCases.Megabytes(free)} free. Make room, or lower augment's copies or size.");
        }
    }
}
