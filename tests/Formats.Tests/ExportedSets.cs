using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Formats.Tests;

/// <summary>Small sets to be written, and what came back of them.</summary>
internal static class ExportedSets
{
    /// <summary>Cases case0, case1, … of which all but the first validate; black images.</summary>
    public static ExportedSet Of(IReadOnlyList<Mask[]> truths, params string[] classes)
    {
        classes = Names(truths, classes);
        var combinations = new ClassCombinations(classes.Length);
        foreach (var truth in truths)
        {
            combinations.Add(truth);
        }

        ExportedCase[] cases = [.. truths.Select((t, i) => new ExportedCase($"case{i}", new CaseSource($"case{i}", $"ID{i:D3}", Subset.Train, $"images/case{i}.png", $"labels/case{i}.png"), t[0].Frame, IsTest: false, IsLabelled: true)
        {
            ReadImage = () => new Image(t[0].Frame),
            ReadTruth = () => t,
        })];
        return new ExportedSet("tiny", "A set for tests.", classes, cases, [new ExportedFold([cases[0]], cases[1..])], combinations);
    }

    /// <summary>As Export calls a writer.</summary>
    public static void Write(DatasetWriter writer, string folder, ExportedSet set)
    {
        writer.Begin(folder, set);
        foreach (var together in writer.Together(set))
        {
            writer.Write(together);
        }

        writer.Finish();
    }

    /// <summary>Every mask of every case, pixel for pixel.</summary>
    public static void AssertComesBack(DatasetFormat format, string folder, IReadOnlyList<Mask[]> truths, params string[] classes)
    {
        classes = Names(truths, classes);
        var index = format.Index(folder);
        Assert.Empty(index.Findings);
        Assert.Equal(classes.Order(StringComparer.Ordinal), format.ClassesIn(folder).Order(StringComparer.Ordinal));
        Assert.Equal(truths.Count, index.Cases.Count);
        for (var i = 0; i < truths.Count; i++)
        {
            var back = Back(format, folder, index.Cases.Single(c => c.Id == $"case{i}"), classes);
            for (var k = 0; k < classes.Length; k++)
            {
                Assert.Equal(truths[i][k], back[k]);
            }
        }
    }

    /// <summary>A case's masks, in the classes' order.</summary>
    public static Mask[] Back(DatasetFormat format, string folder, CaseSource source, IReadOnlyList<string> classes)
    {
        var frame = format.ReadImage(folder, source).Frame;
        var labels = format.ReadLabels(folder, source, frame);
        return [.. classes.Select(name => labels.Where(l => l.Class == name).Select(l => l is MaskAnnotation m ? m.Mask : Polygons.Fill(((PolygonAnnotation)l).Polygon, frame, ((PolygonAnnotation)l).Raster))
            .Aggregate(Mask.Empty(frame), (all, mask) => all.Union(mask)))];
    }

    /// <summary>Masks of words, bit k = class k.</summary>
    public static Mask[] Masks(Frame frame, int classes, int[] words) =>
        [.. Enumerable.Range(0, classes).Select(k => Mask.FromDense([.. words.Select(w => (byte)(w >> k & 1))], frame))];

    private static string[] Names(IReadOnlyList<Mask[]> truths, string[] classes) => classes.Length > 0 ? classes : [.. truths[0].Select((_, k) => $"class{k}")];
}
