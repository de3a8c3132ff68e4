using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>
/// Writes an experiment's cases in a layout of the field: images as its format reads them, labels as they are judged, both in the image's own frame, and its
/// folds. What was written is read again by the matching format and compared, before it is given its name. Holds as many cases as there are threads.
/// </summary>
public sealed class Exporter(ExperimentSession session, ExportOptions options)
{
    // Reading back needs labels in their own frame; the image is kept small.
    private const int KeptSide = 32;

    /// <summary>Exports.</summary>
    /// <param name="cancellation">Stops between cases; nothing is left under the folder's name.</param>
    /// <exception cref="ConfigurationException">The layout cannot hold the data set, or the folder is taken; nothing is left.</exception>
    public ExportResult Run(CancellationToken cancellation)
    {
        var writer = session.Plugins.Create<DatasetWriter>(options.Writer);
        var target = new ExportTarget(options.Folder, options.Replace);
        var store = CaseStore.Open(session.OutputOf("Convert").Folder);
        var set = SetOf(store, out var leftOut, cancellation);
        try
        {
            writer.Begin(target.Begin(), set);
            Write(writer, set, cancellation);
            writer.Finish();
            var trip = ReadBack(writer, target.Partial, set, cancellation);
            ExportRecord.Save(target.Partial, session, options, set, trip);
            var least = options.LeastIoU ?? (writer.IsLossless ? 1 : 0);
            if (trip.Worst < least)
            {
                return new ExportResult([.. trip.Lines(), FormattableString.Invariant($"A class came back with less than {least}; the data set stays in {session.ForPeople(target.Partial)}, to be looked at.")], IsEnough: false);
            }

            target.Publish();
            return new ExportResult(
                [
                    .. leftOut > 0 ? [$"{leftOut} case(s) without a label that do not test are left out."] : Array.Empty<string>(),
                    .. trip.Lines(),
                    $"Exported: {session.ForPeople(target.Folder)}, {set.Cases.Count(c => !c.IsTest)} cases to train on and {set.Cases.Count(c => c.IsTest)} to test",
                ],
                IsEnough: true);
        }
        catch
        {
            target.Discard();
            throw;
        }
    }

    private ExportedSet SetOf(CaseStore store, out int leftOut, CancellationToken cancellation)
    {
        var split = Split.Load(Path.Combine(session.OutputOf("Split").Folder, SplitStage.FileName));
        var test = split.Test.ToHashSet(StringComparer.Ordinal);
        var chosen = store.Cases.Where(c => c.Labelled || test.Contains(c.Id)).ToArray();
        leftOut = store.Cases.Count - chosen.Length;
        var names = CaseNames.Of([.. chosen.Select(c => c.Id)]);
        var (format, root) = (session.Plugins.Create<DatasetFormat>(session.Plan.Data.Format), session.SourceRoot);
        ExportedCase[] cases = [.. chosen.Select((c, i) => new ExportedCase(names[i], c.Source, c.Original, test.Contains(c.Id), c.Labelled)
        {
            ReadImage = () => format.ReadImage(root, c.Source),
            ReadTruth = () => store.ReadTruth(c),
        })];
        var byId = cases.ToDictionary(c => c.Source.Id, StringComparer.Ordinal);
        return new ExportedSet(session.Plan.Name, session.Plan.Description, store.Classes, cases,
            [.. split.Folds.Select(f => new ExportedFold([.. f.Train.Select(id => byId[id])], [.. f.Validation.Select(id => byId[id])]))], Combinations(store, chosen, cancellation));
    }

    private static ClassCombinations Combinations(CaseStore store, StoredCase[] cases, CancellationToken cancellation)
    {
        var all = new ClassCombinations(store.Classes.Count);
        Parallel.ForEach(cases.Where(c => c.Labelled), Options(cancellation), () => new ClassCombinations(store.Classes.Count), (c, _, own) =>
        {
            own.Add(store.ReadTruth(c));
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

    private void Write(DatasetWriter writer, ExportedSet set, CancellationToken cancellation)
    {
        using var line = session.Console.Progress("Export");
        var done = 0;
        Parallel.ForEach(writer.Together(set), Options(cancellation), together =>
        {
            writer.Write(together);
            line.Report(Interlocked.Add(ref done, together.Count), set.Cases.Count, "cases");
        });
    }

    // What Convert makes of it is what an experiment on it would learn from.
    private RoundTrip ReadBack(DatasetWriter writer, string folder, ExportedSet set, CancellationToken cancellation)
    {
        var scratch = Directory.CreateDirectory(session.StateFolder("export", Guid.NewGuid().ToString("N"))).FullName;
        try
        {
            using var line = session.Console.Progress("Reading back");
            Conversion.Run(session.Plugins.Create<DatasetFormat>(writer.ReadBack), folder, [], KeptSide, scratch, (done, total) => line.Report(done, total, "cases"), cancellation);
            var unread = ConversionRecord.Load(scratch).Unread;
            if (unread.Count > 0)
            {
                throw new InvalidOperationException($"What was written cannot be read again: {unread[0].Path}: {unread[0].What}");
            }

            var back = CaseStore.Open(scratch);
            var channels = set.Classes.Select(name => back.Classes.ToList().IndexOf(name)).ToArray();
            var byId = back.Cases.ToDictionary(c => c.Id, StringComparer.Ordinal);
            var trip = new RoundTrip(set.Classes);
            Parallel.ForEach(set.Cases.Where(c => c.IsLabelled), Options(cancellation), c =>
            {
                var masks = byId.TryGetValue(writer.IdBack(c), out var found) && found.Labelled ? back.ReadTruth(found) : null;
                trip.Add(c.Name, c.ReadTruth(), [.. channels.Select(k => k < 0 ? null : masks?[k])]);
            });
            return trip;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static ParallelOptions Options(CancellationToken cancellation) => new() { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
}

/// <summary>What an export did.</summary>
/// <param name="Lines">For people.</param>
/// <param name="IsEnough">False when less came back than was asked for: what was written then stays beside the folder, to be looked at.</param>
public sealed record ExportResult(IReadOnlyList<string> Lines, bool IsEnough);
