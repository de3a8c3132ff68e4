using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Checking.Tests;

/// <summary>One seeded fault a rule.</summary>
public static class Faults
{
    private const string A = "finger-3", B = "finger-7";

    /// <summary>Puts a rule's fault into a clean set.</summary>
    public static IReadOnlyDictionary<string, Action<SeededSet>> Of { get; } = new Dictionary<string, Action<SeededSet>>
    {
        ["unreadable-image"] = s => s.Change(c => c with { Image = () => ReadTruncatedJpeg(c.Image()) }),
        ["unreadable-label"] = s => s.Change(c => c with { Annotations = new Refusing() }),
        ["image-without-class"] = s => s.Classify(i => i == 6 ? null : i % 2, "intact", "fractured"),
        ["class-without-image"] = s => s.Classify(i => i % 2, "intact", "fractured", "fractered"),
        ["one-class"] = s => s.Classify(_ => 1, "intact", "fractured"),
        ["class-imbalance"] = s => s.Classify(i => i == 6 ? 1 : 0, "intact", "fractured"),
        ["contradicting-classes"] = s =>
        {
            s.Classify(i => i % 2, "intact", "fractured");
            s.Change(c => c with { Image = s.Cases[5].Image });
        },
        ["layout"] = s => s.Findings.Add(new Finding(Severity.Amber, "odd-folder", "x", "It has a folder too many.")),
        ["same-image-name"] = s => s.ChangeSource(c => c with { ImagePath = $"other/{s.Cases[0].Source.ImageName}" }),
        ["names-collide"] = s => s.ChangeSource(c => c with { Id = s.Cases[0].Source.Id.ToUpperInvariant() }),
        ["metadata-missing"] = s => s.ChangeSource(c => c with { Metadata = c.Metadata.Where(m => m.Key != "sex").ToDictionary() }),
        ["spacing-mix"] = s =>
        {
            s.ChangeEvery(c => c with { Image = () => SeededSet.With(c.Image(), new ImageOrigin { Spacing = new Spacing(0.15, 0.15) }) });
            s.ChangeOrigin(o => o with { Spacing = new Spacing(0.3, 0.3) });
        },
        ["size-mismatch"] = s => s.ChangeLabels(all => all.Cast<PolygonAnnotation>().Select(p => p with { Polygon = p.Polygon with { Frame = new Frame(128, 128) } })),
        ["exif-rotated"] = s => s.ChangeOrigin(o => o with { Orientation = 3 }),
        ["polygon-outside-frame"] = s => s.ChangePoints(A, points => points.Skip(1).Prepend(new Vertex(256, 10))),
        ["self-crossing"] = s => s.ChangePoints(A, points => [points[0], points[points.Count / 4], points[points.Count * 3 / 4], points[points.Count / 2]]),
        ["degenerate-shape"] = s => s.ChangePoints(A, points => points.Take(2)),
        ["claim-mismatch"] = s => s.ChangeLabels(all => all.Skip(1).Prepend(all[0] with { Contradiction = "annotation 7: 'area' is 3, its segmentation measures 900" })),
        ["repeated-class"] = s => s.ChangeLabels(all => all.Append(all.First(a => a.Class == A))),
        ["class-order-drift"] = s =>
        {
            s.ChangeEvery(c => c with { Annotations = [.. c.Annotations.OrderBy(a => a.Class, StringComparer.Ordinal)] });
            s.ChangeLabels(all => all.Reverse());
        },
        ["unknown-class"] = s => s.ChangeLabels(all => all.Skip(1).Prepend(all[0] with { Class = "finger-33" })),
        ["no-labels"] = s => s.ChangeEvery(c => c with { Source = c.Source with { LabelPath = null }, Annotations = [] }),
        ["no-label"] = s => s.ChangeSource(c => c with { LabelPath = null }),
        ["weak-labels"] = s => s.ChangeEvery(c => c with { Source = c.Source with { Metadata = new Dictionary<string, string>(c.Source.Metadata) { [WeakLabels.Key] = WeakLabels.Boxes } } }),
        ["empty-label"] = s => s.ChangeLabels(_ => []),
        ["empty-label-share"] = s =>
        {
            for (var i = 0; i < 8; i++)
            {
                s.Cases[2 * i] = s.Cases[2 * i] with { Annotations = [.. s.Cases[2 * i].Annotations.Select(a => new MaskAnnotation(a.Class, Mask.Empty(s.Cases[0].Frame)))] };
            }
        },
        ["not-one-class"] = s => s.Mode = LabelMode.Multiclass,
        ["target-range"] = s => s.Tamper = folder => Rewrite(folder, s.Victim.Source.Id, labels => labels.Words<ushort>()[5] = 1 << 14),
        ["stored-labels-differ"] = s => s.Tamper = folder => Rewrite(folder, s.Victim.Source.Id, labels => labels.Bytes.Clear()),
        ["label-share-outlier"] = s => s.ChangePoints("Radius", _ => [new Vertex(0, 0), new Vertex(255, 0), new Vertex(255, 255), new Vertex(0, 255)]),
        ["class-never-seen"] = s => s.Classes = [.. s.Classes, "Hamatum"],
        ["class-everywhere"] = s =>
        {
            s.Classes = [.. s.Classes, "canvas"];
            s.ChangeEvery(c => c with { Annotations = [.. c.Annotations, new MaskAnnotation("canvas", Mask.Full(c.Frame))] });
        },
        ["class-missing"] = s => s.ChangeLabels(all => all.Where(a => a.Class != A)),
        ["class-lost-at-size"] = s => s.Size = 10,
        ["area-outlier"] = s => s.ChangePoints(A, points => Shrunk(points, 0.3)),
        ["parts-apart"] = s => s.ChangeLabels(all => all.Append(new MaskAnnotation(A, Block(s.Victim.Frame, 2, 2, 12)))),
        ["tiny-fragments"] = s => s.ChangeLabels(all => all.Append(new MaskAnnotation(A, Block(s.Victim.Frame, 2, 2, 3)))),
        ["swapped-classes"] = s => s.ChangeLabels(all => all.Select(a => a.Class == A ? a with { Class = B } : a.Class == B ? a with { Class = A } : a)),
        ["mirrored-image"] = s =>
        {
            // All hands become right ones, then one is mirrored.
            var right = s.Cases.Where((_, i) => i % 2 == 0).ToArray();
            s.Cases.Clear();
            s.Cases.AddRange(right);
            s.Cases[6] = Mirrored(s.Cases[6]);
        },
        ["side-mismatch"] = s =>
        {
            for (var i = 0; i < s.Cases.Count; i++)
            {
                var side = i % 2 == 0 ? "R" : "L";
                s.Cases[i] = s.Cases[i] with { Source = s.Cases[i].Source with { Metadata = new Dictionary<string, string>(s.Cases[i].Source.Metadata) { ["side"] = side } } };
            }

            s.Change(Mirrored);
        },
        ["rotated-image"] = s => s.Change(Turned),
        ["constant-image"] = s => s.ChangeImage(i => SeededSet.Grey(i, _ => 9)),
        ["brightness-outlier"] = s => s.ChangeImage(i => SeededSet.Grey(i, v => 160 + (v * 0.37))),
        ["contrast-outlier"] = s => s.ChangeImage(i => SeededSet.Grey(i, v => 60 + (v * 0.04))),
        ["inverted-image"] = s => s.ChangeImage(i => SeededSet.Grey(i, v => 255 - v)),
        ["size-outlier"] = s => s.Change(c => c with
        {
            Image = () => new Image(new Frame(24, 24), 1, Resize.Area(c.Image(), new Frame(24, 24)).Bytes.ToArray()),
            Annotations = [new MaskAnnotation(A, Block(new Frame(24, 24), 4, 4, 8))],
        }),
        ["bit-depth-mix"] = s => s.ChangeOrigin(o => o with { Bits = 12 }),
        ["photometric-mix"] = s =>
        {
            s.ChangeEvery(c => c with { Image = () => SeededSet.With(c.Image(), new ImageOrigin { Photometric = "MONOCHROME2" }) });
            s.ChangeOrigin(o => o with { Photometric = "MONOCHROME1" });
        },
        ["colour-image"] = s => s.ChangeOrigin(o => o with { Coloured = true, Channels = 3 }),
        ["not-finite"] = s => s.ChangeOrigin(o => o with { NotFinite = 3 }),
        ["same-image"] = s => s.Change(c => c with { Image = s.Cases[7].Image }),
        ["same-image-across-patients"] = s => s.Change(c => c with { Image = s.Cases[9].Image }),
        ["near-duplicate"] = s => s.Change(c => c with { Image = () => Recompressed(s.Cases[9].Image()) }),
        ["patient-in-train-and-test"] = s => s.ChangeSource(c => c with { Patient = s.Cases.First(o => o.Source.Subset == Subset.Test).Source.Patient }),
        ["test-train-overlap"] = s => s.Change(c => c with { Image = s.Cases.First(o => o.Source.Subset == Subset.Test).Image }),
    };

    private static Image ReadTruncatedJpeg(Image image)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, ImageFile.EncodeJpeg(image)[..^300]);
            return ImageFile.ReadGray(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Image Recompressed(Image image)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, ImageFile.EncodeJpeg(SeededSet.Grey(image, v => 4 + (0.95 * v)), 70));
            return ImageFile.ReadGray(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Rewrite(string folder, string id, Action<LabelMap> change)
    {
        var store = CaseStore.Open(folder);
        var (stored, sample) = (store[id], store.Read(store[id]));
        change(sample.Labels);
        new CaseStoreWriter(folder, store.Classes).Write(stored, sample.Image, sample.Labels, store.ReadTruth(stored), store.ReadFacts(stored));
    }

    private static IEnumerable<Vertex> Shrunk(IReadOnlyList<Vertex> points, double by)
    {
        var (x, y) = (points.Average(p => p.X), points.Average(p => p.Y));
        return points.Select(p => new Vertex(Math.Round(x + (by * (p.X - x))), Math.Round(y + (by * (p.Y - y))))).Distinct();
    }

    private static Mask Block(Frame frame, int top, int left, int side) =>
        new(frame, [.. Enumerable.Range(top, side).Select(y => new Run((y * frame.Width) + left, side))]);

    private static SeededCase Mirrored(SeededCase c) => c with
    {
        Image = () => Warp.FlipHorizontal(c.Image()),
        Annotations = [.. c.Annotations.Cast<PolygonAnnotation>().Select(p => p with { Polygon = p.Polygon with { Vertices = [.. p.Polygon.Vertices.Select(v => new Vertex(255 - v.X, v.Y))] } })],
    };

    private static SeededCase Turned(SeededCase c) => c with
    {
        Image = () =>
        {
            var (from, to) = (c.Image(), new Image(c.Frame));
            for (var y = 0; y < 256; y++)
            {
                for (var x = 0; x < 256; x++)
                {
                    to.Bytes[(x * 256) + 255 - y] = from.Bytes[(y * 256) + x];
                }
            }

            return to;
        },
        Annotations = [.. c.Annotations.Cast<PolygonAnnotation>().Select(p => p with { Polygon = p.Polygon with { Vertices = [.. p.Polygon.Vertices.Select(v => new Vertex(255 - v.Y, v.X))] } })],
    };

    /// <summary>A label file that cannot be read.</summary>
    private sealed class Refusing : IReadOnlyList<Annotation>
    {
        public int Count => throw new DataException("label.json", "ends in the middle.");

        public Annotation this[int index] => throw new DataException("label.json", "ends in the middle.");

        public IEnumerator<Annotation> GetEnumerator() => throw new DataException("label.json", "ends in the middle.");

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
