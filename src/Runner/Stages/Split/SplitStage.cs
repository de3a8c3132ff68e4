using System.Globalization;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Checking;
using Osteon.Datasets;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>Who trains, who validates, who tests: made by chance, spread by strata, or taken from a file; proved to leak nothing.</summary>
public sealed class SplitStage : Stage
{
    /// <summary>The split, for people and for later stages.</summary>
    public const string FileName = "split.json";

    private const string Balance = "balance.csv";
    private const int ShownStrata = 12;

    /// <inheritdoc/>
    public override string Name => "Split";

    /// <inheritdoc/>
    public override int Version => 3;

    /// <inheritdoc/>
    public override IEnumerable<Unit> Units(ExperimentSession session)
    {
        var config = new JsonObject { ["split"] = PlanSlices.Json(session.Plan.Split), ["seed"] = session.Plan.Seed };
        var inputs = session.HashesOf(["Convert", .. session.Labels, "Check"]);
        foreach (var path in Files(session.Plan.Split))
        {
            var full = Path.GetFullPath(path, session.Options.Root);
            inputs[path] = File.Exists(full) ? session.Hashes.OfFile(full) : throw new ConfigurationException($"split: the file {path} does not exist. It is looked for from the working directory.");
        }

        if (session.Plan.Split.Like is { } like)
        {
            foreach (var (unit, hash) in session.Other(like).HashesOf("Convert", "Split"))
            {
                inputs[$"{like}/{unit}"] = hash;
            }
        }

        yield return new Unit(Name, string.Empty, config, new Dictionary<string, string>(), inputs);
    }

    /// <inheritdoc/>
    public override Task RunAsync(UnitRun run, CancellationToken cancellation)
    {
        var (plan, root) = (run.Plan.Split, run.Session.Options.Root);
        var store = CaseStore.Open(run.Input("Convert"));
        var (cases, classes) = run.Session.Classifies ? OfImages(store, CaseLabels.Load(run.Input("Label"))) : OfMasks(store);
        StoredCase[] all = [.. cases.Select(c => c.Case)];
        var split = plan.Files.Count > 0 ? SplitImport.Read(plan.Files.ToDictionary(f => f.Key, f => Path.GetFullPath(f.Value, root)), all, plan.Group)
            : plan.Column is { } column ? SplitImport.ReadColumn(column, all, plan.Group)
            : plan.File is { } file ? SplitImport.Read(Path.GetFullPath(file, root), all, plan.Group)
            : plan.Like is { } like ? Beside(run.Session.Other(like), cases, classes, run.Plan)
            : Splitter.Create(cases, plan, run.Plan.Seed, classes);
        if (split.Folds.Count != plan.Folds)
        {
            throw new ConfigurationException($"split: the file has {split.Folds.Count} fold(s), split.folds is {plan.Folds}. Set split.folds to {split.Folds.Count}.");
        }

        // Paths of this machine have no place in a result.
        split = split.Made is { Seed: null } && Files(plan).Any() ? split with { Made = split.Made with { By = string.Join(", ", Files(plan)) } } : split;
        split.Verify(all, plan.Group);
        var copies = PictureCopies.Load(run.Input("Check"));
        var leaks = LeakProof.SharedPictures(split, copies.Digests, copies.Near);
        var balance = BalanceTable.Of(split, cases, plan, classes);
        if (split.Made?.Seed is not null && plan.Stratify.Count > 0)
        {
            var byChance = Splitter.Create(cases, plan with { Stratify = [] }, run.Plan.Seed, classes);
            balance = balance with { Before = BalanceTable.Of(byChance, cases, plan, classes) };
        }

        split.Save(Path.Combine(run.Folder, FileName));
        AtomicFile.WriteAllText(Path.Combine(run.Folder, Balance), balance.ToCsv());
        Tell(run, split, balance, leaks);
        run.Headline("test_cases", split.Test.Count);
        run.Headline("imbalance", balance.Imbalance);
        run.Headline("shared_pictures", leaks.Count);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Conclude(ExperimentSession session)
    {
        foreach (var name in new[] { FileName, Balance })
        {
            AtomicFile.Copy(Path.Combine(session.OutputOf(Name).Folder, name), Path.Combine(session.RunFolder, name));
        }
    }

    private static void Tell(UnitRun run, Split split, BalanceTable balance, IReadOnlyList<string> leaks)
    {
        var console = run.Session.Console;
        foreach (var row in balance.ToLines(ShownStrata))
        {
            console.Info(row);
        }

        console.Info(string.Create(CultureInfo.InvariantCulture,
            $"  {split.Test.Count} test cases, {split.Folds.Count} fold(s); on average a part's share of a stratum is {100 * balance.Imbalance:0.00} points from that of all{(balance.Before is { } before ? $"; {100 * before.Imbalance:0.00} before, were groups dealt by chance" : string.Empty)}"));
        console.Info($"  proved: no case twice, no {run.Plan.Split.Group} on two sides{(leaks.Count == 0 ? ", no picture on two sides" : string.Empty)}");
        foreach (var leak in leaks)
        {
            console.Warn(leak);
        }
    }

    private static Split Beside(ExperimentSession other, (StoredCase, long[])[] cases, IReadOnlyList<string> classes, Plan plan) => SplitContinuation.Of(
        other.Plan.Name, Split.Load(Path.Combine(other.OutputOf("Split").Folder, FileName)), CaseStore.Open(other.OutputOf("Convert").Folder).Cases, cases, plan.Split, plan.Seed, classes);

    // Each case with the area of each class, by which classes are spread evenly.
    private static ((StoredCase Case, long[] Areas)[] Cases, IReadOnlyList<string> Classes) OfMasks(CaseStore store) =>
        ([.. store.Cases.Select(c => (c, c.Labelled ? store.ReadTruth(c).Select(m => (long)m.Area).ToArray() : new long[store.Classes.Count]))], store.Classes);

    // The same of images that have one class each: those count as labelled that have one, whatever masks there are.
    private static ((StoredCase Case, long[] Areas)[] Cases, IReadOnlyList<string> Classes) OfImages(CaseStore store, CaseLabels labels) =>
        ([.. store.Cases.Select(c => (c with { Labelled = labels.Find(c.Id) is not null }, labels.Classes.Select((_, k) => labels.Find(c.Id) == k ? 1L : 0).ToArray()))], labels.Classes);

    private static IEnumerable<string> Files(SplitPlan plan) => plan.Files.Values.Concat(plan.File is { } file ? [file] : []);
}
