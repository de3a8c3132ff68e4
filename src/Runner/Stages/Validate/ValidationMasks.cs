using System.Collections.Concurrent;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Inference;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>
/// What members predict of validation cases that they have not learned from, made as their predictions of test cases are: at the thresholds in use, tuned
/// ones among them. One case at a time; safe to ask from several threads.
/// </summary>
internal sealed class ValidationMasks : IDisposable
{
    private readonly ExperimentSession _session;
    private readonly Plan _plan;
    private readonly CaseStore _store;
    private readonly List<double> _candidates;
    private readonly IReadOnlyList<double> _untuned;
    private readonly ConcurrentDictionary<Member, Lazy<SubmissionIndex>> _files = [];
    private readonly ConcurrentDictionary<Member, PostProcessChain?> _chains = [];
    private readonly ConcurrentDictionary<(string Model, string? Without), IReadOnlyList<double>> _thresholds = [];

    /// <param name="session">The experiment; its members have been validated.</param>
    /// <param name="store">Its cases.</param>
    public ValidationMasks(ExperimentSession session, CaseStore store)
    {
        (_session, _plan, _store) = (session, session.Plan, store);
        _candidates = [.. ThresholdTuning.Candidates(_plan.Infer.Threshold)];
        _untuned = MemberThresholds.Of(_plan.Infer, store.Classes, null);
    }

    /// <summary>A model's thresholds by class.</summary>
    /// <param name="model">Its name.</param>
    /// <param name="without">A group of validation cases that has no part in the tuning; null: all have.</param>
    public IReadOnlyList<double> Thresholds(string model, string? without = null) => _plan.Infer.TuneThresholds
        ? _thresholds.GetOrAdd((model, without), key => MemberThresholds.Of(_plan.Infer, _store.Classes, ValidationCurves.Tune(_session, _store.Classes, key.Model, key.Without)))
        : _untuned;

    /// <summary>Whether any threshold is another without a group.</summary>
    public bool Depends(IEnumerable<string> models, string without) => models.Any(model => !Thresholds(model, without).SequenceEqual(Thresholds(model)));

    /// <summary>One mask a class, before post-processing.</summary>
    /// <param name="member">Validates on the case.</param>
    /// <param name="stored">The case, labelled.</param>
    /// <param name="without">As for <see cref="Thresholds"/>.</param>
    public IReadOnlyList<Mask> Of(Member member, StoredCase stored, string? without = null)
    {
        var (thresholds, folder) = (Thresholds(member.Model, without), Folder(member));
        var masks = _files.GetOrAdd(member, _ => new(() => new SubmissionIndex(Path.Combine(folder, ValidateStage.Predictions)))).Value.Masks(stored.Source.ImageName, _store.Classes, stored.Original);
        if (!thresholds.SequenceEqual(_untuned))
        {
            var all = ThresholdedMasks.Load(ValidationCurves.PathOf(folder, stored.Id));
            for (var k = 0; k < masks.Length; k++)
            {
                masks[k] = thresholds[k] == _untuned[k] ? masks[k] : all.At(k, _candidates.IndexOf(thresholds[k]));
            }
        }

        return masks;
    }

    /// <summary>A case's members, ready to vote as those of a test case are: masks are post-processed first, as infer.postprocess says.</summary>
    /// <param name="members">Validate on the case.</param>
    /// <param name="stored">The case, labelled.</param>
    /// <param name="minVotes">Of masks; 0: more than half.</param>
    /// <param name="ties">With 0.</param>
    /// <param name="without">As for <see cref="Thresholds"/>.</param>
    public CaseVote Vote(IReadOnlyList<Member> members, StoredCase stored, int minVotes, TiedPixels ties, string? without = null) => _plan.Ensemble.Vote == Voting.Soft
        ? new SoftCaseVote([.. members.Select(m => ProbabilityPlanes.Load(CasePredictions.PathOf(Folder(m), stored.Id)))], [.. members.Select(m => Thresholds(m.Model, without))], stored.Original, _plan.Data.Mode, stored.Crop)
        : new HardCaseVote([.. members.Select(m => Processed(m, stored, without))], _plan.Data.Mode, minVotes, ties);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files.Values)
        {
            file.Value.Dispose();
        }
    }

    private string Folder(Member member) => _session.OutputOf(member.UnitOf("Validate")).Folder;

    private IReadOnlyList<Mask> Processed(Member member, StoredCase stored, string? without)
    {
        var chain = _chains.GetOrAdd(member, m => PostProcessing.Chain(_session, _plan.Infer.Postprocess, _store.Classes) is not { IsOpen: true } open
            ? PostProcessing.Chain(_session, _plan.Infer.Postprocess, _store.Classes)
            : open.Closed(PostProcessing.ChoiceOf(_session.OutputOf(m.UnitOf("Infer")).Folder)!));
        var masks = Of(member, stored, without);
        return chain?.Apply(masks) ?? masks;
    }
}
