using Osteon.Datasets;

namespace Osteon.Runner;

/// <summary>Why some networks may predict a case.</summary>
internal enum Unseen
{
    /// <summary>Their fold validates on it.</summary>
    Fold,

    /// <summary>It is a test case, which no fold learned from.</summary>
    Test,

    /// <summary>It is none of the segmentation's cases, but its patient's were held out by that fold, or tested.</summary>
    Group,

    /// <summary>Nothing of its patient was there to learn from.</summary>
    Stranger,
}

/// <summary>Who may predict a case.</summary>
/// <param name="Fold">The networks of this fold; null: of all folds, by their mean.</param>
/// <param name="Why">They have not learned from it.</param>
internal readonly record struct Holder(int? Fold, Unseen Why);

/// <summary>
/// Finds, for any case, networks of a segmentation that have learned neither from it nor from anything of its patient, so that what they say of it is
/// worth as much as what they will say of a new patient. Were a case predicted by networks that know it, a classifier would learn to trust masks that
/// are never as good again.
/// </summary>
/// <remarks>Wolpert 1992, Stacked generalization, doi:10.1016/S0893-6080(05)80023-1.</remarks>
internal sealed class HeldOut
{
    private readonly string _name, _group;
    private readonly int _folds;
    private readonly Dictionary<string, StoredCase> _known;
    private readonly Dictionary<string, int?> _holders = new(StringComparer.Ordinal), _groups = new(StringComparer.Ordinal);
    private readonly HashSet<string> _learned = new(StringComparer.Ordinal);

    /// <summary>Reads a segmentation's split.</summary>
    /// <param name="name">The segmentation's, for people.</param>
    /// <param name="cases">All that it has.</param>
    /// <param name="split">Its split.</param>
    /// <param name="group">What its split keeps together.</param>
    public HeldOut(string name, IReadOnlyList<StoredCase> cases, Split split, string group)
    {
        (_name, _group, _folds) = (name, group, split.Folds.Count);
        _known = cases.ToDictionary(c => c.Id, StringComparer.Ordinal);
        foreach (var id in split.Test)
        {
            Hold(id, null);
        }

        for (var fold = 0; fold < _folds; fold++)
        {
            foreach (var id in split.Folds[fold].Validation)
            {
                Hold(id, fold);
            }

            _learned.UnionWith(split.Folds[fold].Train);
        }
    }

    /// <summary>Whether some fold learned from a case.</summary>
    public bool Learned(string id) => _learned.Contains(id);

    /// <summary>Who may predict a case.</summary>
    /// <param name="stored">It, in the classifier's store.</param>
    /// <param name="tests">Whether the classifier is tested with it.</param>
    /// <param name="draw">A number that is the case's own, for one that no fold holds out.</param>
    /// <param name="fault">Why none may; null where some may.</param>
    public Holder Of(StoredCase stored, bool tests, ulong draw, out string? fault)
    {
        fault = null;
        if (_known.TryGetValue(stored.Id, out var there))
        {
            if (there.Original != stored.Original || SplitGroups.Of(there, _group) != SplitGroups.Of(stored, _group))
            {
                fault = $"case '{stored.Id}' is {stored.Original} of {SplitGroups.Of(stored, _group)} here, and {there.Original} of {SplitGroups.Of(there, _group)} in {_name}: they are not one picture, so that nobody knows who has learned from which.";
            }
            else if (_holders.TryGetValue(stored.Id, out var fold))
            {
                return new Holder(fold, fold is null ? Unseen.Test : Unseen.Fold);
            }
            else if (_learned.Contains(stored.Id))
            {
                fault = $"case '{stored.Id}' was learned from by all folds of {_name} that know it, and held out by none. Give {_name} folds that take turns (split.folds from 2, no split.files).";
            }
            else
            {
                return Free(tests, draw);                           // unlabelled, and no part of any fold
            }

            return default;
        }

        return _groups.TryGetValue(SplitGroups.Of(stored, _group), out var by) ? new Holder(by, Unseen.Group) : Free(tests, draw);
    }

    // Test cases are predicted by all folds. Training cases are not, though nobody has seen these: a mean of folds looks surer than one fold does, and a classifier
    // could learn which cases the segmentation knows.
    private Holder Free(bool tests, ulong draw) => new(tests ? null : (int)(draw % (ulong)_folds), Unseen.Stranger);

    private void Hold(string id, int? fold)
    {
        _holders[id] = fold;
        if (_known.TryGetValue(id, out var stored))
        {
            _groups[SplitGroups.Of(stored, _group)] = fold;
        }
    }
}
