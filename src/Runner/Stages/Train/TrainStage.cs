using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Reporting;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;
using Osteon.Tracking;
using Osteon.Training;

namespace Osteon.Runner;

/// <summary>Trains each model on each fold and leaves its best weights, its history and the hash of its last weights.</summary>
public sealed class TrainStage : Stage
{
    /// <summary>The best epoch's weights, in the stage's folder.</summary>
    public const string Weights = "model.safetensors";

    /// <inheritdoc/>
    public override string Name => "Train";

    /// <inheritdoc/>
    public override int Version => 6;

    /// <inheritdoc/>
    public override bool OwnsProcess => true;

    /// <inheritdoc/>
    public override IEnumerable<Unit> Units(ExperimentSession session)
    {
        if (SelfConfiguration.WhyNotTrained(session) is { } why)
        {
            throw new ConfigurationException(why);
        }

        var plan = session.Plan;
        foreach (var member in Member.Of(plan))
        {
            var model = plan.Models[member.Model];
            var train = PlanSlices.Json(plan.Train);
            foreach (var key in new[] { "loader_threads", "guards", "checkpoint", "augment_compat" })
            {
                train.Remove(key);                                  // changes no bit of the result, or stands in the options of each augmentation
            }

            if (plan.Train.Foreground > 0)
            {
                train["crop_outside"] = plan.Train.CropOutside ?? 0;    // foreground crops were moved inside before there was a choice
            }

            var config = new JsonObject
            {
                ["model"] = NetworkFactory.FactsOf(session, model),
                ["train"] = train,
                ["mode"] = plan.Data.Mode.ToString(),
                ["fold"] = member.Fold,
                ["seed"] = plan.Seed,
                ["device"] = session.Device.Kind,
            };
            if (session.Classifies)
            {
                config["task"] = "classification";
                config.Remove("mode");                              // of masks
                InputExperiment.TellFacts(session, config);
            }

            UndecidedPixels.AddTo(config, session);                 // epochs are compared by scores
            var size = StoredSizes.Of(plan, member.Model);
            var inputs = StoredSizes.HashesOf(session, size, ["Split", .. session.Labels, .. session.Inputs]);
            if (plan.Augment.Count > 0)
            {
                inputs[AugmentStage.InputOf(member.Fold)] = session.OutputOf(AugmentStage.UnitOf(plan, size, member.Fold)).Hash;
            }

            foreach (var (input, path) in NetworkFactory.FilesToTrain(session, model))
            {
                inputs[input] = session.Hashes.OfFile(path);
            }

            yield return new Unit(Name, member.Cell, config, session.Digests(PluginsOf(session, plan, model)), inputs);
        }
    }

    /// <inheritdoc/>
    public override Task RunAsync(UnitRun run, CancellationToken cancellation)
    {
        using var line = run.Session.Console.Progress(run.Session.NameOf(run.Unit));
        var result = Trainer.Fit(Job(run, line), cancellation);
        var epochs = History.Read(Path.Combine(run.Folder, History.FileName));
        Headlines(run, epochs, result);
        run.Log.Tag(RunTags.Device, run.Session.Device.Name);
        run.Log.Tag(RunTags.Weights, result.FinalWeights);
        run.Log.Artifact(Path.Combine(run.Folder, History.FileName));
        TellWeights(run, Path.Combine(run.Folder, Weights));
        TellCurves(run, epochs);
        return Task.CompletedTask;
    }

    private static void TellWeights(UnitRun run, string weights)
    {
        using (var file = File.OpenRead(weights))
        {
            run.Log.Tag(RunTags.Checkpoint, Convert.ToHexStringLower(SHA256.HashData(file)));
        }

        if (run.Plan.Tracking.Weights)
        {
            run.Log.Artifact(weights, "weights");
        }
    }

    private static void Headlines(UnitRun run, IReadOnlyList<EpochRecord> epochs, TrainResult result)
    {
        run.Headline("best_epoch", result.BestEpoch);
        run.Headline("epochs", epochs.Count);
        var best = epochs[result.BestEpoch - 1];
        foreach (var metric in best.Metrics.Where(m => double.IsFinite(best.Mean(m.Name))))
        {
            run.Headline($"val_{metric.Name}", best.Mean(metric.Name));
        }

        if (epochs.Where(e => double.IsFinite(e.ValidationLoss)).MinBy(e => e.ValidationLoss) is { } lowest)
        {
            run.Headline("lowest_val_loss", lowest.ValidationLoss);
            run.Headline("lowest_val_loss_epoch", lowest.Epoch);
        }
    }

    // Where images are classified: what weights are chosen by unless the plan says otherwise, and what people ask for.
    private static readonly string[] s_drawn = ["roc_auc", "accuracy", "f1"];

    /// <summary>A member's training as the report shows it.</summary>
    internal static MemberCurves CurvesOf(string name, BestPlan best, IReadOnlyList<string> classes, IReadOnlyList<EpochRecord> epochs) => new(
        name,
        [.. epochs.Select(e => new EpochPoint(e.Epoch, e.TrainLoss, e.ValidationLoss, e.Headline))])
    {
        Scores = epochs is [{ Metrics: [{ Name: not "dice" }, ..] } first, ..]
            ? [.. s_drawn.Where(name => first.Of(name).Count > 0).Select(name => new ScoreCurve(ClassAnalysis.TitleOf(name), [.. epochs.Select(e => (e.Epoch, e.Mean(name)))]))]
            : [],
        Kept = best == new BestPlan() ? null : (EpochMetric.Of(best).Best(epochs, classes), best.Metric),
        Classes = [.. classes.Select((c, k) => new ClassCurve(c, [.. epochs.Select(e => (e.Epoch, e.Metrics[0].ByClass[k]))]))],
    };

    private static void TellCurves(UnitRun run, IReadOnlyList<EpochRecord> epochs)
    {
        var curves = CurvesOf(Member.Of(run.Plan, run.Unit.Cell).ToString(), run.Plan.Train.Best, ClassesOf(run.Session), epochs);
        foreach (var (name, svg) in CurveImages.Of(curves))
        {
            run.Artifact($"curves/{name}.svg", Encoding.UTF8.GetBytes(svg));
        }
    }

    /// <summary>What networks tell apart, in the order of their outputs.</summary>
    internal static IReadOnlyList<string> ClassesOf(ExperimentSession session) =>
        session.Classifies ? CaseLabels.Load(session.OutputOf("Label").Folder).Classes : CaseStore.Open(session.OutputOf("Convert").Folder).Classes;

    /// <summary>What a member's samples are made of; the same for its training and for a preview.</summary>
    internal static SampleJob DataOf(ExperimentSession session, Member member)
    {
        var plan = session.Plan;
        var store = StoredSizes.Open(session, member.Model);
        var added = Added(session, member);
        var images = session.Classifies ? new LabelledImages(CaseLabels.Load(session.OutputOf("Label").Folder), CaseInputs.Of(session, store)) : null;
        return new SampleJob
        {
            Plan = plan.Train,
            Seed = (long)(RandomStream.KeyOf(plan.Seed, "train", member.Model, member.Fold) >> 1),
            Store = store,
            Images = images,
            Training = [.. FoldOf(session, member).Train.Select(id => store[id])],
            Added = added is null ? null : new AddedCases(added, added.Cases),
            Sampler = TrainingOptions.Sampler(plan.Train.Sampler),
            Augmentations = [.. plan.Train.Augment.Select(choice => session.Plugins.Create<Augmentation>(choice).For(images?.Words ?? store.Classes))],
        };
    }

    /// <summary>True when a member learns from a case.</summary>
    internal static bool TrainsOn(ExperimentSession session, Member member, string id) =>
        FoldOf(session, member).Train.Contains(id)
        || Added(session, member)?.Cases.Any(c => c.Id == id) == true;

    private static CaseStore? Added(ExperimentSession session, Member member) => session.Plan is { Augment.Count: > 0 } plan
        ? CaseStore.Open(session.OutputOf(AugmentStage.UnitOf(plan, StoredSizes.Of(plan, member.Model), member.Fold)).Folder)
        : null;

    private static Fold FoldOf(ExperimentSession session, Member member) =>
        Split.Load(Path.Combine(session.OutputOf("Split").Folder, SplitStage.FileName)).Folds[member.Fold];

    private static TrainJob Job(UnitRun run, IProgressLine line)
    {
        var plan = run.Plan;
        var member = Member.Of(plan, run.Unit.Cell);
        var network = new NetworkFactory(run.Session, plan.Models[member.Model]);
        var data = DataOf(run.Session, member);
        var (store, training) = (data.Store, data.Training);
        return new TrainJob
        {
            Plan = plan.Train,
            Mode = data.Images is null ? plan.Data.Mode : LabelMode.Multiclass,
            Seed = data.Seed,
            Store = store,
            Images = data.Images,
            Training = training,
            Added = data.Added,
            Sampler = data.Sampler,
            Validation = [.. FoldOf(run.Session, member).Validation.Select(id => store[id])],
            Build = () => network.BuildToTrain(data.Images?.Labels.Classes.Count ?? store.Classes.Count, plan.Train.PriorBias ? ClassPriors.Bias(data, plan.Data.Mode) : null),
            Normalize = NetworkFactory.NormalizeOf(run.Session, plan.Models[member.Model]),
            Losses = TrainLosses.Of(run.Session, data),
            Optimizer = TrainingOptions.Optimizer(plan.Train.Optimizer),
            Schedule = TrainingOptions.Schedule(plan.Train.Schedule),
            Augmentations = data.Augmentations,
            Device = run.Session.Device.Require(),
            Folder = run.Folder,
            Log = run.Log,
            Progress = line,
        };
    }

    private static IEnumerable<(PluginKind Kind, string Name)> PluginsOf(ExperimentSession session, Plan plan, ModelPlan model) =>
    [
        .. NetworkFactory.PluginsOf(model),
        .. plan.Train.Loss.Select(c => (PluginKind.Of<Loss>(), c.Name)),
        .. plan.Train.Augment.SelectMany(session.Plugins.Named<Augmentation>),
    ];
}
