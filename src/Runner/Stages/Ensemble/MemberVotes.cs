using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Inference;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>Opens what members predicted of each test case, one case at a time.</summary>
internal sealed class MemberVotes : IDisposable
{
    private readonly Plan _plan;
    private readonly CaseStore _store;
    private readonly IReadOnlyList<string> _folders;
    private readonly SubmissionIndex[] _files = [];
    private readonly IReadOnlyList<IReadOnlyList<double>> _thresholds = [];

    /// <param name="session">The experiment.</param>
    /// <param name="store">Its cases.</param>
    /// <param name="members">Who votes.</param>
    public MemberVotes(ExperimentSession session, CaseStore store, IEnumerable<Member> members)
    {
        (_plan, _store) = (session.Plan, store);
        _folders = [.. members.Select(m => session.OutputOf(m.UnitOf("Infer")).Folder)];
        if (IsSoft)
        {
            _thresholds = [.. _folders.Select(MemberThresholds.Load)];
        }
        else
        {
            _files = [.. _folders.Select(folder => new SubmissionIndex(Path.Combine(folder, InferStage.Predictions)))];
        }
    }

    private bool IsSoft => _plan.Ensemble.Vote == Voting.Soft;

    /// <summary>A case's members.</summary>
    public CaseVote Of(StoredCase stored) => IsSoft
        ? new SoftCaseVote([.. _folders.Select(folder => ProbabilityPlanes.Load(CasePredictions.PathOf(folder, stored.Id)))], _thresholds, stored.Original, _plan.Data.Mode, stored.Crop)
        : new HardCaseVote([.. _files.Select(file => file.Masks(stored.Source.ImageName, _store.Classes, stored.Original))], _plan.Data.Mode, _plan.Ensemble.MinVotes, _plan.Ensemble.Ties);

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_files, file => file.Dispose());
}
