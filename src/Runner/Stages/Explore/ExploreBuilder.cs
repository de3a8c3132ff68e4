using System.Globalization;
using Osteon.Abstractions;
using Osteon.Checking;
using Osteon.Datasets;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Reporting;

namespace Osteon.Runner;

/// <summary>Gathers what the page of a data set shows.</summary>
internal sealed class ExploreBuilder(CaseStore store, string title)
{
    private const int SampleCount = 12, SampleSide = 300, PicturesOfARule = 6;
    private static readonly string[] Sexes = ["sex", "gender"];

    /// <summary>Builds the model.</summary>
    /// <param name="data">Measured.</param>
    /// <param name="findings">What the rules say of it.</param>
    /// <param name="progress">Told cases done.</param>
    /// <param name="cancellation">Stops between cases.</param>
    public ExploreModel Build(CheckedData data, IReadOnlyList<Finding> findings, Action<int>? progress, CancellationToken cancellation)
    {
        var tally = new ExploreTally(store.Classes.Count);
        var done = 0;
        Parallel.ForEach(store.Cases, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, stored =>
        {
            tally.Add(store, stored);
            progress?.Invoke(Interlocked.Increment(ref done));
        });
        var labelled = data.Labelled.Count;
        return new ExploreModel
        {
            Title = title,
            Counts = Counts(data, findings),
            Classes = store.Classes,
            Images = Images(data),
            Metadata = Metadata(),
            Shares = [.. Enumerable.Range(0, store.Classes.Count).Select(k => (IReadOnlyList<double>)[.. data.Labelled.Where(c => c.Labels!.Classes[k].IsPresent).Select(c => (double)c.Labels!.Classes[k].Area / c.Case.Original.Area)])],
            Labelled = labelled,
            Together = tally.Together,
            IoU = tally.IoU,
            Overlapping = tally.Overlapping,
            Mean = store.Cases.Count > 0 ? tally.Mean : null,
            HeatSide = ExploreTally.HeatSide,
            Heat = tally.Heat,
            Samples = Samples(),
            Findings = Findings(findings),
        };
    }

    private List<Fact> Counts(CheckedData data, IReadOnlyList<Finding> findings)
    {
        string Text(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
        var sizes = store.Cases.Select(c => c.Original).Distinct().ToArray();
        var origins = data.Cases.Select(c => c.Facts.Origin.Kind).Where(k => k.Length > 0).Distinct().Order(StringComparer.Ordinal);
        return
        [
            new Fact("Cases", Text(store.Cases.Count)),
            new Fact("Labelled", Text(data.Labelled.Count)),
            new Fact("Patients", Text(store.Cases.Select(c => c.Source.Patient).Distinct().Count())),
            new Fact("Of the source's test part", Text(store.Cases.Count(c => c.Source.Subset == Subset.Test))),
            new Fact("Classes", Text(store.Classes.Count)),
            new Fact("Size", sizes.Length == 1 ? $"{sizes[0]}" : sizes.Length == 0 ? "–" : $"{sizes.MinBy(s => (long)s.Height * s.Width)} to {sizes.MaxBy(s => (long)s.Height * s.Width)}"),
            new Fact("Files", string.Join(", ", origins.DefaultIfEmpty("–"))),
            new Fact("Red and amber findings", $"{findings.Count(f => f.Severity == Severity.Red)} and {findings.Count(f => f.Severity == Severity.Amber)}"),
        ];
    }

    private static List<Histogram> Images(CheckedData data)
    {
        var parts = data.Cases.Select(c => c.Case.Source.Subset).Distinct().Count() > 1;
        string Part(CaseSummary c) => parts ? c.Case.Source.Subset.ToString().ToLowerInvariant() : string.Empty;
        var charts = new List<Histogram>
        {
            Histogram.OfNames("Sizes, height × width", [.. data.Cases.Select(c => (c.Case.Original.ToString(), Part(c)))]),
            Histogram.OfNumbers("Brightness, mean of an image in percent of white", [.. data.Cases.Select(c => (100 * c.Image.Mean, Part(c)))]),
            Histogram.OfNumbers("Contrast, standard deviation of an image in percent of white", [.. data.Cases.Select(c => (100 * c.Image.Deviation, Part(c)))]),
            Histogram.OfNames("Images of a patient", [.. data.Cases.GroupBy(c => c.Case.Source.Patient).Select(g => (g.Count().ToString(CultureInfo.InvariantCulture), Part(g.First())))]),
        };
        var spaced = data.Cases.Where(c => c.Facts.Origin.Spacing is not null).ToArray();
        if (spaced.Length > 0)
        {
            charts.Add(Histogram.OfNumbers("Size of a pixel in mm", [.. spaced.Select(c => (c.Facts.Origin.Spacing!.Value.Row, Part(c)))]));
        }

        return charts;
    }

    // A patient counts once, but for what differs between its images (left and right); numbers are told apart by sex where it is known.
    private List<Histogram> Metadata()
    {
        var byPatient = store.Cases.GroupBy(c => c.Source.Patient, c => c.Source.Metadata, StringComparer.Ordinal).ToArray();
        IReadOnlyDictionary<string, string>[] patients = [.. byPatient.Select(g => g.First())], images = [.. store.Cases.Select(c => c.Source.Metadata)];
        var keys = images.SelectMany(m => m.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var sex = Sexes.FirstOrDefault(keys.Contains);
        var charts = new List<Histogram>();
        foreach (var key in keys)
        {
            var differs = byPatient.Any(g => g.Select(m => m.GetValueOrDefault(key)).Distinct(StringComparer.Ordinal).Skip(1).Any());
            var (of, title) = differs ? (images, $"{key}, of each image") : (patients, key);
            var values = of.Where(m => m.GetValueOrDefault(key) is { Length: > 0 }).Select(m => (Value: m[key], Series: sex is null || key == sex ? string.Empty : m.GetValueOrDefault(sex) is { Length: > 0 } s ? s : "unknown")).ToArray();
            var numbers = values.Select(v => (Ok: double.TryParse(v.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && double.IsFinite(n), n, v.Series)).ToArray();
            var distinct = values.Select(v => v.Value).Distinct(StringComparer.Ordinal).Count();
            if (numbers.All(n => n.Ok) && distinct > 4)
            {
                charts.Add(Histogram.OfNumbers(title, [.. numbers.Select(n => (n.n, n.Series))]));
            }
            else if (distinct <= Math.Max(24, of.Length / 2))
            {
                charts.Add(Histogram.OfNames(title, [.. values]));
            }
        }

        return charts;
    }

    // Spread over the list, labelled ones first.
    private ExploreSample[] Samples()
    {
        var from = store.Cases.Where(c => c.Labelled).ToArray();
        from = from.Length > 0 ? from : [.. store.Cases];
        var count = Math.Min(SampleCount, from.Length);
        return [.. Enumerable.Range(0, count).Select(i => Sample(from[(int)((long)i * from.Length / count)]))];
    }

    private ExploreSample Sample(StoredCase stored)
    {
        var image = store.ReadImage(stored);
        var longer = Math.Max(image.Frame.Height, image.Frame.Width);
        var frame = longer <= SampleSide ? image.Frame : new Frame(Math.Max(1, image.Frame.Height * SampleSide / longer), Math.Max(1, image.Frame.Width * SampleSide / longer));
        IReadOnlyList<IReadOnlyList<int>> runs = !stored.Labelled ? [] :
            [.. Resize.Nearest(store.Read(stored).Labels, frame).ToMasks().Select(m => (IReadOnlyList<int>)[.. m.Runs.ToArray().SelectMany(r => new[] { r.Start, r.Length })])];
        return new ExploreSample(stored.Id, frame.Height, frame.Width, LabelPicture.Render(Resize.Area(image, frame), [], [], SampleSide), runs);
    }

    private SheetRule[] Findings(IReadOnlyList<Finding> findings) =>
    [
        .. findings.GroupBy(f => f.Check).Select(g => RuleCatalogue.Find(g.Key)!).Select(rule => new SheetRule(rule.Name, rule.What, rule.Why,
            [.. findings.Where(f => f.Check == rule.Name).Select((f, i) => new SheetFinding(f, null, i < PicturesOfARule ? CheckPictures.Render(store, f) : null))])),
    ];
}
