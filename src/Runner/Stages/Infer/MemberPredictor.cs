using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Inference;
using Osteon.Masks;
using Osteon.Runner.Configuration;
using Osteon.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Runner;

/// <summary>One member's network with all that stands between an image and its masks: the one place where logits become a prediction.</summary>
internal sealed class MemberPredictor : IDisposable
{
    private readonly SharedNetwork _shared;
    private readonly LabelMode _mode;
    private readonly Predictor _predictor, _plain;

    /// <summary>Loads the weights.</summary>
    /// <param name="session">The experiment.</param>
    /// <param name="member">The network.</param>
    /// <param name="classes">Channel order.</param>
    /// <param name="tuned">Each class's threshold as it was tuned, or null.</param>
    /// <exception cref="ConfigurationException">The plan names a class that there is not, or the device is absent.</exception>
    public MemberPredictor(ExperimentSession session, Member member, IReadOnlyList<string> classes, IReadOnlyList<TunedThreshold>? tuned = null)
    {
        var (plan, model) = (session.Plan, session.Plan.Models[member.Model]);
        _mode = plan.Data.Mode;
        set_num_threads(plan.Train.Threads);
        Determinism.UseDeterministicAlgorithms();
        var device = session.Device.Require();
        _shared = Take(session, member, classes.Count);
        var network = _shared.Network;
        Known("infer.thresholds", plan.Infer.Thresholds.Keys, classes);
        Thresholds = MemberThresholds.Of(plan.Infer, classes, tuned);
        TakesPasses = plan.Infer.Window > 0 || plan.Infer.Tta is not null;
        _predictor = Predictor(plan.Infer);
        _plain = Predictor(plan.Infer with { Tta = null });

        Predictor Predictor(InferPlan infer) => new(network, plan.Data.Mode, plan.Train.InChannels, network.Sizes, infer, device, NetworkFactory.NormalizeOf(session, model))
        {
            Thresholds = Thresholds,
            MirroredClasses = Mirrored(plan.Infer.Tta, classes),
        };
    }

    /// <summary>Whether an image is shown to the network more than once, which takes far longer than judging what comes of it.</summary>
    public bool TakesPasses { get; }

    /// <summary>By class, in (0, 1).</summary>
    public IReadOnlyList<double> Thresholds { get; }

    /// <summary>Logits of all views.</summary>
    public LogitPlanes Logits(Image image) => _predictor.Logits(image);

    /// <summary>Logits of the image as it is.</summary>
    public LogitPlanes PlainLogits(Image image) => _plain.Logits(image);

    /// <summary>One mask a class.</summary>
    /// <param name="logits">Of the image.</param>
    /// <param name="seen">The size that what was seen has in the original.</param>
    public IReadOnlyList<Mask> Masks(LogitPlanes logits, Frame seen) => _predictor.Masks(logits, seen);

    /// <summary>One mask a class in a case's original frame.</summary>
    public IReadOnlyList<Mask> Masks(LogitPlanes logits, StoredCase stored) => StoredForm.Whole(Masks(logits, stored.Shown), stored.Crop, stored.Original, _mode);

    /// <inheritdoc/>
    public void Dispose() => _shared.Dispose();

    /// <summary>A member's trained network, lent.</summary>
    /// <param name="session">The experiment.</param>
    /// <param name="member">Which.</param>
    /// <param name="classes">Of its outputs.</param>
    public static SharedNetwork Take(ExperimentSession session, Member member, int classes)
    {
        var (factory, device) = (new NetworkFactory(session, session.Plan.Models[member.Model]), session.Device.Require());
        return session.Networks.Take(KeyOf(session, member), () =>
            factory.BuildToPredict(classes, Path.Combine(session.OutputOf(member.UnitOf("Train")).Folder, TrainStage.Weights), session.Plan.Infer.Fuse).to(device).to_channels_last());
    }

    /// <summary>What a member's predictions depend on beside its inputs; also of its out-of-fold ones.</summary>
    /// <param name="session">The experiment.</param>
    /// <param name="member">The network.</param>
    public static JsonObject FactsOf(ExperimentSession session, Member member)
    {
        var plan = session.Plan;
        var infer = PlanSlices.Json(plan.Infer);
        foreach (var key in new[] { "folds", "postprocess", session.Device.Kind == "cpu" ? "batch_size" : "" })
        {
            infer.Remove(key);                                      // say who predicts, what is done after, and how fast
        }

        var facts = new JsonObject
        {
            ["infer"] = infer,
            ["model"] = NetworkFactory.FactsOf(session, plan.Models[member.Model]),
            ["mode"] = plan.Data.Mode.ToString(),
            ["in_channels"] = plan.Train.InChannels,
            ["threads"] = plan.Train.Threads,
            ["device"] = session.Device.Kind,
            ["probabilities"] = plan.Ensemble.Vote == Voting.Soft,
        };
        if (session.Classifies)
        {
            facts["task"] = "classification";
            facts.Remove("probabilities");                          // always written
            facts.Remove("mode");                                   // of masks
            InputExperiment.TellFacts(session, facts);
        }
        else if (plan.Infer.Tta?.Scales.Any(scale => scale != 1) == true)
        {
            facts["scaled"] = "by window";                          // sums of all windows were resized before
        }

        return facts;
    }

    /// <summary>Hashes of the data, of the member's weights, and of files its network is made of.</summary>
    public static Dictionary<string, string> InputsOf(ExperimentSession session, Member member)
    {
        var inputs = StoredSizes.HashesOf(session, StoredSizes.Of(session.Plan, member.Model), ["Split", .. session.Labels, .. session.Inputs, member.UnitOf("Train")]);
        foreach (var (input, path) in NetworkFactory.FilesToBuild(session, session.Plan.Models[member.Model]))
        {
            inputs[input] = session.Hashes.OfFile(path);
        }

        return inputs;
    }

    // What members of one plan may differ in: the model, and the files that it is made of, by what they hold.
    private static string KeyOf(ExperimentSession session, Member member) => string.Join('\n',
    [
        CanonicalJson.Text(NetworkFactory.FactsOf(session, session.Plan.Models[member.Model])),
        .. InputsOf(session, member).Where(input => input.Key is not (StoredSizes.Input or "Split" or "Label")).Select(input => input.Value).Order(StringComparer.Ordinal),
    ]);

    /// <summary>Where each class's logits stand in a mirrored view, as infer.tta.swap_classes says; null: all stay.</summary>
    public static int[]? Mirrored(TtaPlan? plan, IReadOnlyList<string> classes)
    {
        if (plan is null || plan.SwapClasses.Count == 0)
        {
            return null;
        }

        Known("infer.tta.swap_classes", plan.SwapClasses.SelectMany(pair => pair), classes);
        var order = Enumerable.Range(0, classes.Count).ToArray();
        var names = classes.ToList();
        foreach (var pair in plan.SwapClasses)
        {
            var (first, second) = (names.IndexOf(pair[0]), names.IndexOf(pair[1]));
            (order[first], order[second]) = (second, first);
        }

        return order;
    }

    private static void Known(string path, IEnumerable<string> names, IReadOnlyList<string> classes)
    {
        string[] faults = [.. names.Where(n => !classes.Contains(n)).Select(n => $"{path} names '{n}'{Nearest.Hint(n, classes)}. Classes: {string.Join(", ", classes)}.")];
        if (faults.Length > 0)
        {
            throw new ConfigurationException(faults);
        }
    }
}
