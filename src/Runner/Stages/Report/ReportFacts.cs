using System.Globalization;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;
using Osteon.Reporting;
using Osteon.Tracking;
using static TorchSharp.torch;

namespace Osteon.Runner;

/// <summary>What a report says of code, machine and data, whatever the experiment's task is.</summary>
internal sealed class ReportFacts(ExperimentSession session)
{
    private readonly CaseStore _store = CaseStore.Open(session.OutputOf("Convert").Folder);
    private readonly Split _split = Split.Load(Path.Combine(session.OutputOf("Split").Folder, SplitStage.FileName));

    /// <summary>Code, machine and data.</summary>
    public IEnumerable<FactGroup> Groups() => [Code(), Machine(), Data()];

    /// <summary>What Check noticed, with what the experiment accepts.</summary>
    public IReadOnlyList<Finding> Findings() =>
        [.. CheckReport.Load(session).Findings.Select(f => f.Reason is null ? f.Finding : f.Finding with { Message = $"{f.Finding.Message} Accepted: {f.Reason}" })];

    /// <summary>How many cases of each part have a label without a pixel: networks that learn from many of them learn to say nothing, and where both sides are empty Dice is 1.</summary>
    public CountTable EmptyLabels()
    {
        var counted = ErrorTable.Counted(_store.Classes);
        var (empty, lost) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var stored in _store.Cases.Where(c => c.Labelled))
        {
            var truth = _store.ReadTruth(stored);
            var seen = MaskInput.Seen(truth, stored.Crop);
            var scaling = new NearestScaling(seen[0].Frame, stored.Stored);
            _ = counted.All(k => truth[k].IsEmpty) && empty.Add(stored.Id);
            _ = counted.All(k => scaling.Apply(seen[k]).IsEmpty) && lost.Add(stored.Id);
        }

        return new CountTable(
            "Cases, and those whose label is empty: it has no pixel of any class, or none is left at the size that networks see. What is learnt from many of them is to say nothing.",
            ["Cases", "With a label", "Empty labels", "Empty as stored", "Share of labels"],
            [.. Parts().Select(part =>
            {
                var (labelled, none) = (part.Cases.Count(c => c.Labelled), part.Cases.Count(c => lost.Contains(c.Id)));
                return new CountRow(part.Name, [Whole(part.Cases.Count), Whole(labelled), Whole(part.Cases.Count(c => empty.Contains(c.Id))), Whole(none), Share(none, labelled)]);
            })]);
    }

    /// <summary>How many cases of each part are of each class, where images are classified.</summary>
    public CountTable ClassesOfImages(CaseLabels labels) => new(
        "Cases of each class, by part.",
        ["Cases", .. labels.Classes, "Without a class"],
        [.. Parts().Select(part =>
        {
            var counts = labels.Count(part.Cases);
            return new CountRow(part.Name, [Whole(part.Cases.Count), .. counts.Select(n => $"{Whole(n)} ({Share(n, counts.Sum())})"), Whole(part.Cases.Count - counts.Sum())]);
        })]);

    private IEnumerable<(string Name, IReadOnlyList<StoredCase> Cases)> Parts()
    {
        yield return ("all", _store.Cases);
        yield return ("test", Of(_split.Test));
        for (var fold = 0; fold < _split.Folds.Count; fold++)
        {
            yield return (string.Create(CultureInfo.InvariantCulture, $"fold {fold}, training"), Of(_split.Folds[fold].Train));
            yield return (string.Create(CultureInfo.InvariantCulture, $"fold {fold}, validation"), Of(_split.Folds[fold].Validation));
        }
    }

    private StoredCase[] Of(IReadOnlyList<string> ids) => [.. ids.Select(id => _store[id])];

    private static string Whole(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Share(int part, int whole) => whole == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0.0} %");

    private FactGroup Code()
    {
        var git = GitFacts.Read(session.Options.Root);
        return new FactGroup("Code", git is null
            ? [new Fact("git", "not asked: no git, or no repository")]
            : [new Fact("commit", git.Commit), new Fact("branch", git.Branch ?? "(detached)"), new Fact("uncommitted changes", git.IsDirty ? "yes" : "no")]);
    }

    private FactGroup Machine() => new("Machine",
    [
        new Fact("libtorch", __version__),
        new Fact("device", session.Device.Name),
        new Fact("intra-op threads", session.Plan.Train.Threads.ToString(CultureInfo.InvariantCulture)),
        new Fact("processor", System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString()),
        new Fact(".NET", Environment.Version.ToString()),
    ]);

    private FactGroup Data()
    {
        return new FactGroup("Data",
        [
            new Fact("format", session.Plan.Data.Format.Name),
            .. session.PolygonRaster is { } raster ? new[] { new Fact("outlines drawn by", raster) } : [],
            .. session.FoundInData.Select(f => new Fact(f.Key, f.Value)),
            new Fact("cases", _store.Cases.Count.ToString(CultureInfo.InvariantCulture)),
            new Fact("patients", _store.Cases.Select(c => c.Source.Patient).Distinct().Count().ToString(CultureInfo.InvariantCulture)),
            new Fact("test cases", _split.Test.Count.ToString(CultureInfo.InvariantCulture)),
            new Fact("folds", _split.Folds.Count.ToString(CultureInfo.InvariantCulture)),
            new Fact("seed", session.Plan.Seed.ToString(CultureInfo.InvariantCulture)),
        ]);
    }
}
