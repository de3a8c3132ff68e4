using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Inference;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>Opens what members predicted of each case, one case at a time.</summary>
internal sealed class MemberVotes : IDisposable
{
    private readonly Plan _plan;
    private readonly CaseStore _store;
    private readonly IReadOnlyList<string> _folders;
    private readonly SubmissionIndex[] _files = [];
    private readonly IReadOnlyList<IReadOnlyList<double>> _thresholds = [];

    /// <param name="session">The experiment.</param>
    /// <param name="store">Its cases.</param>
    /// <param name="units">Units of members, of Infer or of Validate.</param>
    /// <param name="file">The submission in their folders.</param>
    public MemberVotes(ExperimentSession session, CaseStore store, IReadOnlyList<string> units, string file)
    {
        (_plan, _store) = (session.Plan, store);
        _folders = [.. units.Select(unit => session.OutputOf(unit).Folder)];
        if (IsSoft)
        {
            _thresholds = [.. _folders.Select(MemberThresholds.Load)];
        }
        else
        {
            _files = [.. _folders.Select(folder => new SubmissionIndex(Path.Combine(folder, file)))];
        }
    }

    private bool IsSoft => _plan.Ensemble.Vote == Voting.Soft;

    /// <summary>A case's members.</summary>
    /// <param name="stored">The case.</param>
    /// <param name="majority">Whether more than half decide, whatever the plan says: for sets of members whose number changes.</param>
    /// <param name="members">Which of the units; null: all.</param>
    public CaseVote Of(StoredCase stored, bool majority = false, IReadOnlyList<int>? members = null)
    {
        var chosen = members ?? [.. Enumerable.Range(0, _folders.Count)];
        return IsSoft
            ? new SoftCaseVote([.. chosen.Select(m => ProbabilityPlanes.Load(CasePredictions.PathOf(_folders[m], stored.Id)))], [.. chosen.Select(m => _thresholds[m])], stored.Original, _plan.Data.Mode)
            : new HardCaseVote([.. chosen.Select(m => _files[m].Masks(stored.Source.ImageName, _store.Classes, stored.Original))], _plan.Data.Mode, majority ? 0 : _plan.Ensemble.MinVotes, majority ? TiedPixels.Unset : _plan.Ensemble.Ties);
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_files, file => file.Dispose());
}
