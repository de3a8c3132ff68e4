using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.ImageMask;
using Osteon.Testing;

namespace Osteon.Formats.Tests;

public sealed class MaskTableFormatTests : IDisposable
{
    private static readonly MaskTableOptions Placed = new() { Table = "structure.csv", ImageColumn = "Filename", ClassColumn = "Template Name", MaskColumn = "Mask", TopColumn = "Top", LeftColumn = "Left" };

    private readonly string _root = Directory.CreateTempSubdirectory("osteon-table-").FullName;

    public static TheoryData<MaskTableOptions> Faulty =>
    [
        Placed with { LeftColumn = string.Empty },
        Placed with { Threshold = 255 },
        Placed with { Table = "/etc/passwd" },
        Placed with { Masks = "../x" },
        Placed with { ImageColumn = string.Empty },
        Placed with { ClassColumn = string.Empty, Foreground = string.Empty },
        Placed with { PatientPattern = "(" },
    ];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [MemberData(nameof(Faulty))]
    public void Options_that_make_no_sense_are_refused(MaskTableOptions options) => Assert.Throws<ConfigurationException>(() => new MaskTableFormat(options));

    [Fact]
    public void Overlapping_masks_of_chests_lie_where_the_table_says()
    {
        var root = SharedData.Path("data/xray-chest-multilabel");
        var golden = JsonNode.Parse(File.ReadAllText(Path.Combine(root, "golden.json")))!["images"]!;
        var format = new MaskTableFormat(Placed);

        var index = format.Index(root);

        Assert.Equal(15, index.Cases.Count);
        Assert.Equal(11, format.ClassesIn(root).Count);
        Assert.All(index.Cases, source =>
        {
            var size = golden[source.ImageName]!["size_wh"]!.AsArray();
            var frame = new Frame((int)size[1]!, (int)size[0]!);
            var masks = format.ReadLabels(root, source, frame).Cast<MaskAnnotation>().GroupBy(a => a.Class).ToDictionary(g => g.Key, g => g.Select(a => a.Mask).Aggregate((a, b) => a.Union(b)));
            var classes = golden[source.ImageName]!["classes"]!.AsObject();
            Assert.Equal(classes.Select(c => c.Key).Order(StringComparer.Ordinal), masks.Keys.Order(StringComparer.Ordinal));
            foreach (var (name, expected) in classes)
            {
                Assert.Equal((long)expected!["area"]!, masks[name].Area);
                Assert.Equal((string)expected["sha256"]!, Convert.ToHexStringLower(SHA256.HashData(masks[name].ToDense())));
            }
        });
        Assert.Empty(index.Findings);
    }

    [Fact]
    public void A_table_of_pairs_needs_no_classes()
    {
        var root = SharedData.Path("data/xray-jsrt-demo");
        var format = new MaskTableFormat(new MaskTableOptions { Table = "idx.csv", Images = ".", ImageColumn = "img", MaskColumn = "mask", ClassColumn = string.Empty, Foreground = "lung", Threshold = 127 });
        Assert.Equal(["lung"], format.Classes);
        var lungs = Assert.IsType<MaskAnnotation>(Assert.Single(format.ReadLabels(root, format.Index(root).Cases.Single(c => c.Id == "1"), new Frame(512, 512)))).Mask;
        Assert.Equal(71.995983, lungs.Area * 255 / (512.0 * 512), 0.05);
    }

    [Theory]
    [InlineData("Filename,Template Name,Mask,Top,Left\na.png,x,m.png,3,0\n", "outside of its image")]
    [InlineData("Filename,Template Name,Mask,Top,Left\na.png,x,m.png,-1,0\n", "outside of its image")]
    public void Masks_that_leave_their_image_are_refused(string csv, string why)
    {
        Put(csv);
        var format = new MaskTableFormat(Placed);
        var source = format.Index(_root).Cases.Single(c => c.Id == "a");
        Assert.Contains(why, Assert.Throws<DataException>(() => format.ReadLabels(_root, source, new Frame(4, 4))).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Filename,Mask,Top,Left\na.png,m.png,0,0\n", "it has no column 'Template Name' (class_column)")]
    [InlineData("Filename,Template Name,Mask,Top,Left\na.png,,m.png,0,0\na.png,x,m.png,0.5,0\na.png\n", "line 2 names no class; line 3 has a place that is no whole number: '0.5', '0'; line 4 has 1 fields, the header 5")]
    [InlineData("Filename,Template Name,Mask,Top,Left\na.png,x,../../etc/passwd,0,0\n", "leads out")]
    public void Faults_of_a_table_are_told_at_once(string csv, string why)
    {
        Put(csv);
        Assert.Contains(why, Assert.Throws<DataException>(() => new MaskTableFormat(Placed).Index(_root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_on_both_sides_is_told()
    {
        Put("Filename,Template Name,Mask,Top,Left\nz.png,x,m.png,0,0\na.png,x,n.png,0,0\na.png,y,,0,0\n");
        var index = new MaskTableFormat(Placed).Index(_root);
        Assert.Equal([("missing-image", "structure.csv"), ("missing-label", "structure.csv"), ("missing-label", "images/b.png")], index.Findings.Select(f => (f.Check, f.Where)));
        Assert.Equal(["structure.csv#a.png", null], index.Cases.Select(c => c.LabelPath));
    }

    private void Put(string csv)
    {
        Directory.CreateDirectory(Path.Combine(_root, "images"));
        File.WriteAllText(Path.Combine(_root, "structure.csv"), csv);
        ImageFile.WritePng(Path.Combine(_root, "images", "a.png"), new Image(new Frame(4, 4)));
        ImageFile.WritePng(Path.Combine(_root, "images", "b.png"), new Image(new Frame(4, 4)));
        ImageFile.WritePng(Path.Combine(_root, "m.png"), new Image(new Frame(2, 2), 1, [0, 9, 9, 0]));
    }
}
