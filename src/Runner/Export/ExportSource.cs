using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>A case that goes out.</summary>
/// <param name="Case">As Convert left it.</param>
/// <param name="IsTest">True for cases that no fold learns from.</param>
/// <param name="Masks">Its label, where it is not the store's.</param>
/// <param name="Facts">Laid over the source's metadata.</param>
public sealed record ChosenCase(StoredCase Case, bool IsTest, IReadOnlyList<Mask>? Masks, IReadOnlyDictionary<string, string> Facts);

/// <summary>Which cases of an experiment go out, and with which labels.</summary>
/// <param name="session">The experiment; Convert and Split have run.</param>
public abstract class ExportSource(ExperimentSession session)
{
    /// <summary>Lines for people, once the set was made.</summary>
    public abstract IReadOnlyList<string> Notes { get; }

    /// <summary>Where labels come from, for export.json; null where they are the data set's own.</summary>
    public virtual JsonObject? Provenance { get; protected set; }

    /// <summary>The experiment.</summary>
    protected ExperimentSession Session { get; } = session;

    /// <summary>What is to be written.</summary>
    /// <exception cref="ConfigurationException">There is nothing to be written.</exception>
    public ExportedSet Read(CancellationToken cancellation)
    {
        var store = CaseStore.Open(Session.OutputOf("Convert").Folder);
        var (chosen, folds) = Choose(store, Split.Load(Path.Combine(Session.OutputOf("Split").Folder, SplitStage.FileName)), cancellation);
        var names = CaseNames.Of([.. chosen.Select(c => c.Case.Id)]);
        var (format, root) = (Session.Plugins.Create<DatasetFormat>(Session.Plan.Data.Format), Session.SourceRoot);
        ExportedCase[] cases = [.. chosen.Select((c, i) => new ExportedCase(names[i], WithFacts(c), c.Case.Original, c.IsTest, c.Masks is not null || c.Case.Labelled)
        {
            ReadImage = () => format.ReadImage(root, c.Case.Source),
            ReadTruth = () => c.Masks ?? store.ReadTruth(c.Case),
        })];
        var byId = cases.ToDictionary(c => c.Source.Id, StringComparer.Ordinal);
        return new ExportedSet(Session.Plan.Name, Session.Plan.Description, store.Classes, cases,
            [.. folds.Select(f => new ExportedFold([.. f.Train.Select(id => byId[id])], [.. f.Validation.Select(id => byId[id])]))], Combinations(cases, store.Classes.Count, cancellation));
    }

    /// <summary>Chooses cases, in the order they are listed in, and the folds they are dealt to, by id.</summary>
    protected abstract (IReadOnlyList<ChosenCase> Cases, IReadOnlyList<(string[] Train, string[] Validation)> Folds) Choose(CaseStore store, Split split, CancellationToken cancellation);

    private static CaseSource WithFacts(ChosenCase chosen) => chosen.Facts.Count == 0 ? chosen.Case.Source
        : chosen.Case.Source with { Metadata = chosen.Case.Source.Metadata.Where(m => !chosen.Facts.ContainsKey(m.Key)).Concat(chosen.Facts).ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal) };

    private static ClassCombinations Combinations(ExportedCase[] cases, int classes, CancellationToken cancellation)
    {
        var all = new ClassCombinations(classes);
        Parallel.ForEach(cases.Where(c => c.IsLabelled), new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, () => new ClassCombinations(classes), (c, _, own) =>
        {
            own.Add(c.ReadTruth());
            return own;
        }, own =>
        {
            lock (all)
            {
                all.Add(own);
            }
        });
        return all;
    }
}

/// <summary>All cases with their own labels: those of the folds, and those that test.</summary>
/// <param name="session">The experiment.</param>
public sealed class LabelledCases(ExperimentSession session) : ExportSource(session)
{
    private int _leftOut;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes => _leftOut > 0 ? [$"{_leftOut} case(s) without a label that do not test are left out."] : [];

    /// <inheritdoc/>
    protected override (IReadOnlyList<ChosenCase> Cases, IReadOnlyList<(string[] Train, string[] Validation)> Folds) Choose(CaseStore store, Split split, CancellationToken cancellation)
    {
        var test = split.Test.ToHashSet(StringComparer.Ordinal);
        ChosenCase[] chosen = [.. store.Cases.Where(c => c.Labelled || test.Contains(c.Id)).Select(c => new ChosenCase(c, test.Contains(c.Id), null, new Dictionary<string, string>()))];
        _leftOut = store.Cases.Count - chosen.Length;
        return (chosen, [.. split.Folds.Select(f => ((string[])[.. f.Train], (string[])[.. f.Validation]))]);
    }
}
