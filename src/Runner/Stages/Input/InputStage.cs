using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Inference;
using Osteon.Masks;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;
using Osteon.Tracking;

namespace Osteon.Runner;

/// <summary>
/// Masks of every case by a segmentation experiment's networks, each case by networks that have not learned from it: input-FOLD.csv, and holders.csv, which
/// says whose they are. Made only where input.experiment is given.
/// </summary>
public sealed class InputStage : Stage
{
    /// <summary>Who predicted each case, and why these may.</summary>
    public const string Holders = "holders.csv";

    /// <inheritdoc/>
    public override string Name => "Input";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IEnumerable<Unit> Units(ExperimentSession session)
    {
        if (session.Segmentation is not { } segmentation)
        {
            yield break;
        }

        var (plan, theirs) = (session.Plan.Input!, segmentation.Plan);
        var inputs = session.HashesOf("Convert", "Split");
        foreach (var (unit, hash) in segmentation.HashesOf(["Convert", "Split", .. Member.Of(theirs).Select(m => m.UnitOf("Train"))]))
        {
            inputs[$"{theirs.Name}/{unit}"] = hash;
        }

        var facts = new JsonObject();
        foreach (var member in Member.Of(theirs).DistinctBy(m => m.Model))
        {
            var model = MemberPredictor.FactsOf(segmentation, member);
            model["size"] = StoredSizes.Of(theirs, member.Model);
            facts[member.Model] = model;
            foreach (var (input, path) in NetworkFactory.FilesToBuild(segmentation, theirs.Models[member.Model]))
            {
                inputs[$"{theirs.Name}/{input}"] = session.Hashes.OfFile(path);
            }
        }

        yield return new Unit(Name, string.Empty, new JsonObject
        {
            ["classes"] = new JsonArray([.. InputMasks.ClassesOf(session).Select(c => (JsonNode)c)]),
            ["thresholds"] = new JsonArray([.. plan.Thresholds.Select(t => (JsonNode)t)]),
            ["models"] = facts,
            ["weights"] = PlanSlices.Json(theirs.Ensemble)["weights"]!.DeepClone(),
            ["group"] = theirs.Split.Group,
            ["seed"] = session.Plan.Seed,
        }, segmentation.Digests([(PluginKind.Of<DatasetFormat>(), session.Plan.Data.Format.Name), .. theirs.Models.Values.SelectMany(NetworkFactory.PluginsOf)]), inputs);
    }

    /// <inheritdoc/>
    public override Task RunAsync(UnitRun run, CancellationToken cancellation)
    {
        var (session, segmentation) = (run.Session, run.Session.Segmentation!);
        var store = CaseStore.Open(run.Input("Convert"));
        var split = Split.Load(Path.Combine(run.Input("Split"), SplitStage.FileName));
        var (held, holders) = Hold(session, segmentation, store, split);
        run.Log.Tag(RunTags.Device, session.Device.Name);
        using var line = session.Console.Progress(run.Unit.Id);
        var done = 0;
        foreach (var group in holders.GroupBy(h => h.Holder.Fold).OrderBy(g => g.Key ?? int.MaxValue))
        {
            StoredCase[] cases = [.. group.Select(g => g.Case)];
            var path = Path.Combine(run.Folder, InputMasks.FileOf(group.Key));
            if (!File.Exists(path))                                 // else an earlier, interrupted call wrote it
            {
                Predict(session, cases, group.Key, path, i => line.Report(done + i, holders.Count, "images"), cancellation);
            }

            done += cases.Length;
        }

        Save(Path.Combine(run.Folder, Holders), holders);
        run.Log.Artifact(Path.Combine(run.Folder, Holders));
        foreach (var (why, count) in holders.CountBy(h => h.Holder.Why))
        {
            run.Headline(why.ToString().ToLowerInvariant(), count);
        }

        run.Headline("tests_learned", split.Test.Count(held.Learned));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Conclude(ExperimentSession session)
    {
        if (session.Segmentation is not { } segmentation)
        {
            return;
        }

        var told = session.OutputOf(Name).Metrics;
        var name = segmentation.Plan.Name;
        session.Console.Info($"  masks by {name}: {Told(Unseen.Fold, "cases by the fold that held them out")}{Told(Unseen.Group, "by the fold that held their patient out")}{Told(Unseen.Test, "of its test by all folds")}{Told(Unseen.Stranger, "that it never saw")}".TrimEnd(' ', ','));
        if (told.GetValueOrDefault("tests_learned") is > 0 and var learned)
        {
            session.Console.Warn(string.Create(CultureInfo.InvariantCulture, $"{learned} test cases are among those that {name} learned from. Their own masks are out of fold, but other folds' networks, whose masks were trained on here, know them: split: {{like: {name}}} keeps its test cases and folds here."));
        }

        string Told(Unseen why, string what) => told.GetValueOrDefault(why.ToString().ToLowerInvariant()) is > 0 and var count ? string.Create(CultureInfo.InvariantCulture, $"{count} {what}, ") : "";
    }

    private static (HeldOut Held, IReadOnlyList<(StoredCase Case, Holder Holder)> Holders) Hold(ExperimentSession session, ExperimentSession segmentation, CaseStore store, Split split)
    {
        var theirs = CaseStore.Open(segmentation.OutputOf("Convert").Folder);
        var held = new HeldOut(segmentation.Plan.Name, theirs.Cases, Split.Load(Path.Combine(segmentation.OutputOf("Split").Folder, SplitStage.FileName)), segmentation.Plan.Split.Group);
        var (tests, faults, holders) = (split.Test.ToHashSet(StringComparer.Ordinal), new List<string>(), new List<(StoredCase, Holder)>());
        foreach (var stored in store.Cases)
        {
            holders.Add((stored, held.Of(stored, tests.Contains(stored.Id), RandomStream.KeyOf(session.Plan.Seed, "input", stored.Id), out var fault)));
            faults.AddRange(fault is null ? [] : [fault]);
        }

        return faults.Count == 0 ? (held, holders)
            : throw new ConfigurationException([.. faults.Take(20).Select(f => $"{session.Loaded.MarkOf("input.experiment")}: input.experiment: {f}"), .. faults.Count > 20 ? [$"… and {faults.Count - 20} more."] : Array.Empty<string>()]);
    }

    private static void Predict(ExperimentSession session, StoredCase[] cases, int? fold, string path, Action<int> tell, CancellationToken cancellation)
    {
        var format = session.Plugins.Create<DatasetFormat>(session.Plan.Data.Format);
        using var predictor = new InputPredictor(session, fold);
        AtomicFile.Write(path, stream =>
        {
            using var writer = new SubmissionWriter(stream);
            Pipeline.Run(
                cases.Length,
                i => format.ReadImage(session.SourceRoot, cases[i].Source),
                (i, image) =>
                {
                    var seen = predictor.Probabilities(image);
                    tell(i + 1);
                    return seen;
                },
                (i, seen) =>
                {
                    foreach (var (name, mask) in predictor.Names.Zip(predictor.Masks(seen, cases[i].Original)))
                    {
                        writer.Write(cases[i].Source.ImageName, name, mask);
                    }
                },
                cancellation);
        });
    }

    private static void Save(string path, IReadOnlyList<(StoredCase Case, Holder Holder)> holders)
    {
        var text = new StringBuilder("id,fold,because\n");
        foreach (var (stored, (fold, why)) in holders)
        {
            text.Append(CultureInfo.InvariantCulture, $"{ClassPredictions.Quoted(stored.Id)},{fold},{why.ToString().ToLowerInvariant()}\n");
        }

        AtomicFile.WriteAllText(path, text.ToString());
    }
}
