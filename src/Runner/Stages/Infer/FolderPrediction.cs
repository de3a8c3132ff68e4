using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Inference;
using Osteon.Masks;
using Osteon.Training;

namespace Osteon.Runner;

/// <summary>Predicts a folder of images that have no labels with trained members, as the experiment predicts its test cases: one image at a time in memory.</summary>
public sealed class FolderPrediction(ExperimentSession session, IReadOnlyList<Member> members)
{
    /// <summary>The file of runs.</summary>
    public const string FileName = "predictions.csv";

    private readonly Plan _plan = session.Plan;

    /// <summary>Predicts.</summary>
    /// <param name="input">The folder of images.</param>
    /// <param name="output">Gets predictions.csv and the forms of ensemble.outputs.</param>
    /// <param name="cancellation">Stops between images.</param>
    /// <returns>What was done, a line each.</returns>
    /// <exception cref="OutputException">Nothing can be written to the output; or its disk is full, and it has no predictions.csv.</exception>
    /// <exception cref="ConfigurationException">Nothing can be predicted; or some files could not be read, after the others were predicted.</exception>
    public IReadOnlyList<string> Run(string input, string output, CancellationToken cancellation)
    {
        if (session.Classifies)
        {
            return Classify(input, output, cancellation);
        }

        IReadOnlyList<string> classes = _plan.Data.Classes.Count > 0 ? _plan.Data.Classes : session.Plugins.Create<DatasetFormat>(_plan.Data.Format).Classes;
        var images = new FolderImages(session, input);
        OutputFolder.Create(output);
        var weights = Weights();
        var chains = members.Select(m => Chain(_plan.Infer.Postprocess, m.UnitOf("Infer"), classes)).ToArray();
        var last = Votes ? Chain(PostProcessing.OfVote(_plan), "Ensemble", classes) : null;
        var predictors = new List<MemberPredictor>();
        var unread = new List<string>();
        try
        {
            foreach (var member in members)
            {
                predictors.Add(new MemberPredictor(session, member, classes, _plan.Infer.TuneThresholds ? ValidationCurves.Tune(session, classes, member.Model) : null));
            }

            using var line = session.Console.Progress($"Infer {input}");
            var answers = new AnswerFiles(output, _plan.Ensemble.Outputs, _plan.Data.Mode, classes, EnsembleStage.AxisOf(_plan));
            AtomicFile.Write(Path.Combine(output, FileName), stream =>
            {
                using var writer = new SubmissionWriter(stream);
                Pipeline.Run<Image?, CaseVote?>(
                    images.Images.Count,
                    i => Read(images.Images[i], unread),
                    (i, image) =>
                    {
                        line.Report(i + 1, images.Images.Count, "images");
                        return image is null ? null : Vote(predictors, chains, image);
                    },
                    (i, vote) =>
                    {
                        if (vote is null)
                        {
                            return;
                        }

                        var (source, masks) = (images.Images[i].Source, vote.With(weights));
                        masks = last?.Apply(masks) ?? masks;
                        for (var k = 0; k < masks.Count; k++)
                        {
                            writer.Write(source.ImageName, classes[k], masks[k]);
                        }

                        answers.Write(source, Path.Combine(input, Volumes.Part.Split(source.ImagePath).File), vote.Origin, masks);
                    },
                    cancellation,
                    lean: predictors.Count > 1 || predictors[0].TakesPasses);
                answers.Finish();
            });
        }
        finally
        {
            predictors.ForEach(p => p.Dispose());
        }

        return Told(images, unread, output);
    }

    private IReadOnlyList<string> Classify(string input, string output, CancellationToken cancellation)
    {
        var classes = CaseLabels.Load(session.OutputOf("Label").Folder).Classes;
        var (images, unread) = (new FolderImages(session, input), new List<string>());
        var said = members.Select(_ => new List<ClassPrediction>()).ToArray();
        var classifiers = new List<MemberClassifier>();
        try
        {
            var shown = _plan.Input is null ? null : MaskInput.Of(session, null);
            classifiers.AddRange(members.Select(m => new MemberClassifier(session, m, classes, shown ?? CaseInput.Image)));
            using var masks = shown is null ? null : new InputPredictor(session, fold: null);      // nobody has learned from these images
            var workspace = new Workspace();
            using var line = session.Console.Progress($"Infer {input}");
            Pipeline.Run<Image?, Image?>(
                images.Images.Count,
                i => Read(images.Images[i], unread),
                (i, image) =>
                {
                    line.Report(i + 1, images.Images.Count, "images");
                    if (image is null)
                    {
                        return null;
                    }

                    var found = masks is null ? null : MaskInput.Seen(masks.Masks(masks.Probabilities(image), image.Frame), StoredForm.Of(_plan.Convert, 0).BoxOf(image));
                    for (var m = 0; m < classifiers.Count; m++)
                    {
                        workspace.Reset();
                        var stored = StoredForm.Of(_plan.Convert, StoredSizes.Of(_plan, members[m].Model)).Of(image);
                        said[m].Add(ClassPrediction.Of(images.Images[i].Source.ImageName, null, null, shown is null
                            ? classifiers[m].Probabilities(stored)
                            : classifiers[m].Probabilities(shown.Show(stored, found!, Math.Max(1, shown.Planes.Count), workspace))));
                    }

                    return image;
                },
                (_, _) => { },
                cancellation);
        }
        finally
        {
            classifiers.ForEach(c => c.Dispose());
        }

        OutputFolder.Create(output);
        ClassPredictions.Write(Path.Combine(output, FileName), classes, new ClassVote(_plan.Ensemble.Vote).Of(said, Weights()));
        return Told(images, unread, output);
    }

    private IReadOnlyList<string> Told(FolderImages images, List<string> unread, string output) => unread.Count == 0
        ? [$"{images.Images.Count} images predicted by {string.Join(", ", members)}", .. images.LeftOut.Select(l => $"left out: {l}")]
        : throw new ConfigurationException([.. unread, $"{images.Images.Count - unread.Count} other images were predicted: {session.ForPeople(output)}."]);

    // One network of several answers for itself; an experiment's only one is its vote.
    private bool Votes => members.Count > 1 || Member.Predicting(_plan).Count() == 1;

    private CaseVote Vote(List<MemberPredictor> predictors, PostProcessChain?[] chains, Image image)
    {
        var seen = members.Select(m => StoredSizes.Of(_plan, m.Model)).Distinct()
            .ToDictionary(size => size, size => StoredForm.Of(_plan.Convert, size).Of(image));
        var box = StoredForm.Of(_plan.Convert, 0).BoxOf(image);
        var soft = _plan.Ensemble.Vote == Voting.Soft && Votes;
        var (masks, planes) = (new List<IReadOnlyList<Mask>>(), new List<ProbabilityPlanes>());
        for (var m = 0; m < predictors.Count; m++)
        {
            using var logits = predictors[m].Logits(seen[StoredSizes.Of(_plan, members[m].Model)]);
            if (soft)
            {
                planes.Add(ProbabilityPlanes.Of(logits, _plan.Data.Mode));
                continue;
            }

            var own = StoredForm.Whole(predictors[m].Masks(logits, box?.Size ?? image.Frame), box, image.Frame, _plan.Data.Mode);
            masks.Add(chains[m]?.Apply(own) ?? own);
        }

        CaseVote vote = soft
            ? new SoftCaseVote(planes, [.. predictors.Select(p => p.Thresholds)], image.Frame, _plan.Data.Mode, box)
            : new HardCaseVote(masks, _plan.Data.Mode, _plan.Ensemble.MinVotes, _plan.Ensemble.Ties);
        vote.Origin = image.Origin;
        return vote;
    }

    private double[] Weights()
    {
        var chosen = _plan.Ensemble.Select == MemberSelection.Greedy && members.Select(m => m.Model).Distinct().Count() > 1 ? Chosen() : [];
        double[] weights = [.. members.Select(m => _plan.Ensemble.Weights.GetValueOrDefault(m.Model, 1) * chosen.GetValueOrDefault(m.Model, 1))];
        return weights.Any(w => w > 0) ? weights : [.. weights.Select(_ => 1.0)];
    }

    private Dictionary<string, double> Chosen()
    {
        var folder = session.OutputOf("Ensemble").Folder;
        return session.Classifies
            ? ClassAnalysis.Load(folder).Models.ToDictionary(m => m.Name, m => m.Weight, StringComparer.Ordinal)
            : EnsembleAnalysis.Load(folder).Models.ToDictionary(m => m.Name, m => m.Weight, StringComparer.Ordinal);
    }

    // What validation cases chose is kept in the unit that chose it.
    private PostProcessChain? Chain(IReadOnlyList<Choice>? choices, string unit, IReadOnlyList<string> classes) =>
        PostProcessing.Chain(session, choices, classes) is not { } chain ? null
        : !chain.IsOpen ? chain
        : PostProcessing.ChoiceOf(session.OutputOf(unit).Folder) is { } choice ? chain.Closed(choice)
        : throw new ConfigurationException($"{unit} has not chosen its post-processing yet. Run --target={unit.Split('[')[0]} --experiment={_plan.Name} first.");

    private Image? Read((CaseSource Source, Func<Image> Read) file, List<string> unread)
    {
        try
        {
            var image = file.Read();
            return StoredForm.Of(_plan.Convert, _plan.Convert.Size).Refusal(image) is { } refusal
                ? throw new DataException(file.Source.ImagePath, refusal)
                : image;
        }
        catch (DataException e)
        {
            unread.Add(e.Message);
            return null;
        }
    }
}
