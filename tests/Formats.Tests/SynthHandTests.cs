using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.HandBone;

namespace Osteon.Formats.Tests;

/// <summary>One synthetic data set of 2 + 1 people at 256 pixels, read back through the format.</summary>
public sealed class SynthHandSet : IDisposable
{
    public const int Size = 256;

    public static Frame Frame => new(Size, Size);

    public SynthHandSet()
    {
        Root = Directory.CreateTempSubdirectory("osteon-synth-").FullName;
        Make(Root);
        Index = Format.Index(Root);
        Labels = Index.Cases.ToDictionary(c => c.Id, c => Format.ReadLabels(Root, c, Frame).Cast<PolygonAnnotation>().ToDictionary(a => a.Class));
    }

    public string Root { get; }

    public HandBoneFormat Format { get; } = new(new HandBoneOptions());

    public CaseIndex Index { get; }

    public IReadOnlyDictionary<string, Dictionary<string, PolygonAnnotation>> Labels { get; }

    public static void Make(string folder, long seed = 1, int threads = 2, int size = Size, int patients = 2) =>
        new HandSynthesizer(new HandSynthesizerOptions { Patients = patients, TestPatients = 1, Size = size, Seed = seed }) { Threads = threads }
            .Synthesize(folder, new Silent(), CancellationToken.None);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private sealed class Silent : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value)
        {
        }
    }
}

public sealed class SynthHandTests(SynthHandSet set) : IClassFixture<SynthHandSet>
{
    [Fact]
    public void Is_read_back_without_a_finding()
    {
        Assert.Empty(set.Index.Findings);
        Assert.Equal(["ID003", "ID003", "ID001", "ID001", "ID002", "ID002"], set.Index.Cases.Select(c => c.Patient));
        Assert.Equal(4, set.Index.Cases.Count(c => c.Subset == Subset.Train));
        Assert.All(set.Index.Cases, c => Assert.Matches("^image[0-9]{13}(_[RL])?$", c.Id));
        Assert.All(set.Index.Cases, c => Assert.NotNull(c.LabelPath));
        Assert.All(set.Index.Cases, c => Assert.Superset(new HashSet<string> { "age", "sex", "weight_kg", "height_cm" }, c.Metadata.Keys.ToHashSet()));
    }

    [Fact]
    public void Images_have_the_size_asked_for_and_use_the_grey_scale()
    {
        foreach (var source in set.Index.Cases)
        {
            var image = set.Format.ReadImage(set.Root, source);
            Assert.Equal((SynthHandSet.Frame, 1), (image.Frame, image.BytesPerPixel));
            var sorted = image.Bytes.ToArray().Order().ToArray();
            Assert.InRange(sorted[sorted.Length / 20], 0, 40);          // the empty field
            Assert.InRange(sorted[^(sorted.Length / 100)], 140, 254);   // bone
        }
    }

    [Fact]
    public void Every_image_has_all_29_bones_once_inside_the_frame()
    {
        foreach (var (_, bones) in set.Labels)
        {
            Assert.Equal(set.Format.Classes.Order(StringComparer.Ordinal), bones.Keys.Order(StringComparer.Ordinal));
            Assert.All(bones.Values.SelectMany(b => b.Polygon.Vertices), v =>
            {
                Assert.InRange(v.X, 0, SynthHandSet.Size - 1);
                Assert.InRange(v.Y, 0, SynthHandSet.Size - 1);
            });
        }
    }

    [Fact]
    public void Outlines_are_chains_of_neighbouring_pixels()
    {
        foreach (var vertices in set.Labels.Values.SelectMany(b => b.Values).Select(a => a.Polygon.Vertices))
        {
            for (var i = 0; i < vertices.Count; i++)
            {
                var (a, b) = (vertices[i], vertices[(i + 1) % vertices.Count]);
                Assert.Equal(1, Math.Max(Math.Abs(a.X - b.X), Math.Abs(a.Y - b.Y)));
            }
        }
    }

    [Fact]
    public void Keeps_the_traps_of_the_real_files()
    {
        foreach (var source in set.Index.Cases)
        {
            using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(set.Root, source.LabelPath!), Encoding.UTF8));
            var root = json.RootElement;
            Assert.Equal((3060, 3060), (root.GetProperty("metadata").GetProperty("height").GetInt32(), root.GetProperty("metadata").GetProperty("width").GetInt32()));
            Assert.Equal(source.Id + ".jpg", root.GetProperty("filename").GetString());
            Assert.Equal(["라벨링", "검수", "최종 검수"], root.GetProperty("last_workers").EnumerateObject().Select(p => p.Name));
            Assert.NotEqual(set.Format.Classes, root.GetProperty("annotations").EnumerateArray().Select(a => a.GetProperty("label").GetString()!));
        }
    }

    [Fact]
    public void Korean_is_written_as_it_is() =>
        Assert.Contains("\"라벨링\"", File.ReadAllText(Path.Combine(set.Root, set.Index.Cases[0].LabelPath!)), StringComparison.Ordinal);

    // The real set: IoU 0.448 and 0.189, and 0.41 % of pixels with two labels or more.
    [Fact]
    public void Wrist_bones_overlap_as_real_ones_do()
    {
        var pisiform = new List<double>();
        var trapezoid = new List<double>();
        var shared = new List<double>();
        foreach (var (_, bones) in set.Labels)
        {
            var masks = bones.ToDictionary(b => b.Key, b => Pixels(b.Value));
            pisiform.Add(Iou(masks["Triquetrum"], masks["Pisiform"]));
            trapezoid.Add(Iou(masks["Trapezium"], masks["Trapezoid"]));
            shared.Add(masks.Values.SelectMany(m => m).GroupBy(p => p).Count(g => g.Count() > 1) / (double)SynthHandSet.Frame.Area);
        }

        Assert.All(pisiform, iou => Assert.InRange(iou, 0.3, 0.6));
        Assert.InRange(trapezoid.Average(), 0.08, 0.3);
        Assert.InRange(shared.Average(), 0.002, 0.007);
    }

    // Mean areas of the real set at 2048²: 3,895, 4,327, 4,950, 39,456 and 75,128 pixels.
    [Theory]
    [InlineData("finger-16", 3895)]
    [InlineData("Pisiform", 4327)]
    [InlineData("finger-4", 4950)]
    [InlineData("Ulna", 39456)]
    [InlineData("Radius", 75128)]
    public void Bones_are_as_large_as_real_ones(string bone, double area)
    {
        var scale = 2048.0 * 2048 / SynthHandSet.Frame.Area;
        Assert.InRange(set.Labels.Values.Average(b => Pixels(b[bone]).Count) * scale / area, 0.75, 1.3);
    }

    [Fact]
    public void The_left_hand_is_the_mirror_image_of_a_right_one()
    {
        foreach (var patient in set.Index.Cases.GroupBy(c => c.Patient))
        {
            // Stems count up in time and the right hand was taken first: its thumb is at the left.
            var sides = patient.OrderBy(c => c.Id, StringComparer.Ordinal).Select(c => X(c, "finger-1") - X(c, "finger-16")).ToArray();
            Assert.True(sides[0] < 0 && sides[1] > 0);
        }

        double X(CaseSource source, string bone) => set.Labels[source.Id][bone].Polygon.Vertices.Average(v => v.X);
    }

    [Fact]
    public void Bones_are_brighter_than_what_lies_around_them()
    {
        foreach (var source in set.Index.Cases)
        {
            var image = set.Format.ReadImage(set.Root, source);
            foreach (var bone in new[] { "finger-4", "finger-10", "finger-15", "Radius" })
            {
                var inside = Pixels(set.Labels[source.Id][bone]);
                var around = inside.SelectMany(p => Near(p, 3)).Where(p => !inside.Contains(p)).ToHashSet();
                Assert.True(Mean(inside) > Mean(around) + 12, $"{source.Id} {bone}");
            }

            double Mean(HashSet<int> pixels) => pixels.Average(p => image.Bytes[p]);
        }

        static IEnumerable<int> Near(int pixel, int reach)
        {
            var (y, x) = Math.DivRem(pixel, SynthHandSet.Size);
            return from dy in Enumerable.Range(-reach, (2 * reach) + 1)
                   from dx in Enumerable.Range(-reach, (2 * reach) + 1)
                   where y + dy is >= 0 and < SynthHandSet.Size && x + dx is >= 0 and < SynthHandSet.Size
                   select ((y + dy) * SynthHandSet.Size) + x + dx;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void The_same_seed_makes_the_same_bytes_on_any_number_of_threads(int threads) => InAnother(folder =>
    {
        SynthHandSet.Make(folder, threads: threads);
        Assert.Equal(Digests(set.Root), Digests(folder));
    });

    [Fact]
    public void A_second_run_repairs_what_a_killed_one_left() => InAnother(folder =>
    {
        var image = Path.Combine(folder, set.Index.Cases[0].ImagePath);
        Directory.CreateDirectory(Path.GetDirectoryName(image)!);
        File.WriteAllText(image, "half");
        File.WriteAllText(image + ".77-3.tmp", "half");
        SynthHandSet.Make(folder);
        Assert.Equal(Digests(set.Root), Digests(folder));
    });

    [Fact]
    public void Another_seed_makes_other_people() => InAnother(folder =>
    {
        SynthHandSet.Make(folder, seed: 2);
        Assert.Empty(Digests(set.Root).Values.Intersect(Digests(folder).Values));
    });

    [Fact]
    public void Anatomy_does_not_depend_on_the_size() => InAnother(folder =>
    {
        SynthHandSet.Make(folder, size: 128);
        foreach (var source in set.Format.Index(folder).Cases)
        {
            foreach (var small in set.Format.ReadLabels(folder, source, new Frame(128, 128)).Cast<PolygonAnnotation>())
            {
                var large = set.Labels[source.Id][small.Class].Polygon.Vertices;
                Assert.InRange((small.Polygon.Vertices.Average(v => v.X) * 2) - large.Average(v => v.X), -4, 4);
                Assert.InRange((small.Polygon.Vertices.Average(v => v.Y) * 2) - large.Average(v => v.Y), -4, 4);
            }
        }
    });

    [Fact]
    public void All_options_out_of_range_are_told_at_once()
    {
        var error = Assert.Throws<ConfigurationException>(() => new HandSynthesizer(new HandSynthesizerOptions { Patients = 0, TestPatients = -1, Size = 64 }));
        Assert.Equal(3, error.Faults.Count);
    }

    private static void InAnother(Action<string> test)
    {
        var folder = Directory.CreateTempSubdirectory("osteon-synth-").FullName;
        try
        {
            test(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static SortedDictionary<string, string> Digests(string folder) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(
            f => Path.GetRelativePath(folder, f), f => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))), StringComparer.Ordinal);

    private static HashSet<int> Pixels(PolygonAnnotation bone)
    {
        var pixels = new HashSet<int>();
        foreach (var run in Polygons.FillPoly(bone.Polygon, SynthHandSet.Frame).Runs)
        {
            pixels.UnionWith(Enumerable.Range(run.Start, run.Length));
        }

        return pixels;
    }

    private static double Iou(HashSet<int> a, HashSet<int> b)
    {
        var both = a.Count(b.Contains);
        return both / (double)(a.Count + b.Count - both);
    }
}
