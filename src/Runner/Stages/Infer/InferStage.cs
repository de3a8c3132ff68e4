using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Inference;
using Osteon.Masks;
using Osteon.Runner.Configuration;
using Osteon.Torch;
using Osteon.Tracking;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Runner;

/// <summary>Each member predicts the test cases at their original size: predictions.csv, and scores.json where there is truth.</summary>
public sealed class InferStage : Stage
{
    /// <summary>A row a test image and class, in the submission's layout.</summary>
    public const string Predictions = "predictions.csv";

    /// <inheritdoc/>
    public override string Name => "Infer";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <inheritdoc/>
    public override bool OwnsProcess => true;

    /// <inheritdoc/>
    public override IEnumerable<Unit> Units(ExperimentSession session)
    {
        var plan = session.Plan;
        foreach (var member in Member.Of(plan))
        {
            var model = plan.Models[member.Model];
            var infer = PlanSlices.Json(plan.Infer);
            if (!plan.Infer.Fuse)
            {
                infer.Remove("fuse");                               // there was no other way before there was a choice
            }

            var config = new JsonObject
            {
                ["infer"] = infer,
                ["model"] = NetworkFactory.FactsOf(session, model),
                ["mode"] = plan.Data.Mode.ToString(),
                ["in_channels"] = plan.Train.InChannels,
                ["threads"] = plan.Train.Threads,
                ["device"] = session.Device.Kind,
            };
            var inputs = session.HashesOf("Convert", "Split", member.UnitOf("Train"));
            foreach (var (input, path) in NetworkFactory.FilesToBuild(session, model))
            {
                inputs[input] = session.Hashes.OfFile(path);
            }

            yield return new Unit(Name, member.Cell, config, session.Digests(NetworkFactory.PluginsOf(model)), inputs);
        }
    }

    /// <inheritdoc/>
    public override Task RunAsync(UnitRun run, CancellationToken cancellation)
    {
        var plan = run.Plan;
        var member = Member.Of(plan, run.Unit.Cell);
        var store = CaseStore.Open(run.Input("Convert"));
        var test = TestCases.Of(run.Session, store);
        var scores = new ScoreTable(store.Classes);
        set_num_threads(plan.Train.Threads);
        Determinism.UseDeterministicAlgorithms();
        var factory = new NetworkFactory(run.Session, plan.Models[member.Model]);
        using var scope = NewDisposeScope();
        var device = run.Session.Device.Require();
        run.Log.Tag(RunTags.Device, run.Session.Device.Name);
        using var shared = run.Session.Networks.Take(NetworkKey(run), () =>
            factory.BuildToPredict(store.Classes.Count, Path.Combine(run.Input(member.UnitOf("Train")), TrainStage.Weights), plan.Infer.Fuse).to(device).to_channels_last());
        var network = shared.Network;
        var predictor = new Predictor(network, plan.Data.Mode, plan.Train.InChannels, network.Sizes, plan.Infer, device, NetworkFactory.NormalizeOf(run.Session, plan.Models[member.Model]));
        using var line = run.Session.Console.Progress(run.Unit.Id);
        AtomicFile.Write(Path.Combine(run.Folder, Predictions), stream =>
        {
            using var writer = new SubmissionWriter(stream);
            for (var i = 0; i < test.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var masks = predictor.Predict(store.ReadImage(test[i]), test[i].Original);
                for (var k = 0; k < masks.Count; k++)
                {
                    writer.Write(test[i].Source.ImageName, store.Classes[k], masks[k]);
                }

                scores.Add(store, test[i], masks, plan.Data.Mode);
                line.Report(i + 1, test.Count, "images");
            }
        });

        scores.Save(run.Folder);
        run.HeadlineScores(scores);
        return Task.CompletedTask;
    }

    // What members of one plan may differ in: the model, and the files that it is made of, by what they hold.
    private static string NetworkKey(UnitRun run) => string.Join('\n',
        [CanonicalJson.Text(run.Unit.Config), .. run.Unit.Inputs.Where(input => input.Key is not ("Convert" or "Split")).Select(input => input.Value).Order(StringComparer.Ordinal)]);
}
