using Osteon.Abstractions;
using Osteon.Datasets;

namespace Osteon.Runner;

/// <summary>
/// Writes an experiment's cases in a layout of the field: images as its format reads them, labels in the image's own frame, and folds. What was written is read again by the matching format and compared, before it is given its name. Holds as many cases as there are threads.
/// </summary>
public sealed class Exporter(ExperimentSession session, ExportSource source, ExportOptions options)
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
        try
        {
            var folder = target.Begin();
            var set = source.Read(cancellation);
            writer.Begin(folder, set);
            Write(writer, set, cancellation);
            writer.Finish();
            var trip = ReadBack(writer, target.Partial, set, cancellation);
            SplitOf(writer, set).Save(Path.Combine(target.Partial, SplitStage.FileName));
            ExportRecord.Save(target.Partial, session, source.Provenance, options, set, trip);
            var least = options.LeastIoU ?? (writer.IsLossless ? 1 : 0);
            if (trip.Worst < least)
            {
                return new ExportResult([.. source.Notes, .. trip.Lines(), FormattableString.Invariant($"A class came back with less than {least}; the data set stays in {session.ForPeople(target.Partial)}, to be looked at.")], IsEnough: false);
            }

            target.Publish();
            return new ExportResult(
                [
                    .. source.Notes,
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

    // By the names that the format which reads it will give the cases.
    private Split SplitOf(DatasetWriter writer, ExportedSet set)
    {
        return new Split(Ids(set.Cases.Where(c => c.IsTest)), [.. set.Folds.Select(f => new Fold(Ids(f.Train), Ids(f.Validation)))]) { Made = new SplitOrigin($"export of {set.Name}", session.Plan.Split.Group, [], null) };

        string[] Ids(IEnumerable<ExportedCase> cases) => [.. cases.Select(writer.IdBack).Order(StringComparer.Ordinal)];
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
        var scratch = OutputFolder.Create(session.StateFolder("export", Guid.NewGuid().ToString("N")));
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
