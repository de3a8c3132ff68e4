using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Inference;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>A segmentation experiment's networks, of one fold or of all, that make a classifier's masks of an image.</summary>
/// <remarks>
/// What the segmentation chose by its validation cases (tuned thresholds, post-processing that is <c>auto</c>) takes no part: it was chosen with labels of cases
/// that are to be predicted as if nobody knew them.
/// </remarks>
internal sealed class InputPredictor : IDisposable
{
    private readonly ExperimentSession _segmentation;
    private readonly List<MemberPredictor> _predictors = [];
    private readonly Member[] _members;
    private readonly double[] _weights;
    private readonly int _classes;
    private readonly int[] _taken;
    private readonly IReadOnlyList<double> _thresholds;

    /// <summary>Loads the networks.</summary>
    /// <param name="session">The classifier's.</param>
    /// <param name="fold">Of the segmentation; null: all folds.</param>
    public InputPredictor(ExperimentSession session, int? fold)
    {
        (_segmentation, _thresholds, Names) = (session.Segmentation!, session.Plan.Input!.Thresholds, InputMasks.PlanesOf(session));
        var weights = _segmentation.Plan.Ensemble.Weights;
        _members = [.. Member.Of(_segmentation.Plan).Where(m => (fold is null || m.Fold == fold) && weights.GetValueOrDefault(m.Model, 1) > 0)];
        _weights = [.. _members.Select(m => weights.GetValueOrDefault(m.Model, 1))];
        var classes = CaseStore.Open(_segmentation.OutputOf("Convert").Folder).Classes;
        (_classes, _taken) = (classes.Count, [.. InputMasks.ClassesOf(session).Select(name => classes.ToList().IndexOf(name))]);
        try
        {
            foreach (var member in _members)
            {
                _predictors.Add(new MemberPredictor(_segmentation, member, classes));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The masks' names, in their order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What each network says of an image, and of which part of it; null: of all.</summary>
    /// <param name="image">As its file holds it; it is brought to the size that each network learned from.</param>
    public (IReadOnlyList<ProbabilityPlanes> Planes, Box? Box) Probabilities(Image image)
    {
        var plan = _segmentation.Plan;
        var seen = _members.Select(m => StoredSizes.Of(plan, m.Model)).Distinct()
            .ToDictionary(size => size, size => StoredForm.Of(plan.Convert, size).Of(image));
        return (
        [
            .. _predictors.Zip(_members, (predictor, member) =>
            {
                using var logits = predictor.Logits(seen[StoredSizes.Of(plan, member.Model)]);
                return ProbabilityPlanes.Of(logits, plan.Data.Mode);
            }),
        ],
        StoredForm.Of(plan.Convert, 0).BoxOf(image));
    }

    /// <summary>The mean of these as masks.</summary>
    /// <param name="seen">Each network's, and the part that they saw.</param>
    /// <param name="frame">Of the masks.</param>
    public IReadOnlyList<Mask> Masks((IReadOnlyList<ProbabilityPlanes> Planes, Box? Box) seen, Frame frame)
    {
        // Each class for itself, where they exclude each other too: a mask says where a class reaches a probability, not where it is the likeliest.
        IReadOnlyList<Mask>[] levels =
        [
            .. _thresholds.Select(threshold => new SoftCaseVote(
                seen.Planes, [.. seen.Planes.Select(_ => Enumerable.Repeat(threshold, _classes).ToArray())], frame, LabelMode.Multilabel, seen.Box).With(_weights)),
        ];
        return [.. from k in _taken from level in levels select level[k]];
    }

    /// <inheritdoc/>
    public void Dispose() => _predictors.ForEach(p => p.Dispose());
}
