using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.RleCsv;
using Osteon.Testing;

namespace Osteon.Formats.Tests;

public sealed class RleCsvFormatTests : IDisposable
{
    private static readonly string[] Chest = ["Right Lung", "Left Lung", "Heart"];

    private readonly string _root = Directory.CreateTempSubdirectory("osteon-rle-").FullName;

    public static TheoryData<RleCsvOptions> Faulty =>
    [
        new RleCsvOptions { Base = "2" },
        new RleCsvOptions { Base = "1", Form = RunForm.Counts },
        new RleCsvOptions { Form = RunForm.GapLength },
        new RleCsvOptions { Order = RunOrder.Row, Base = "1", Reference = "masks" },
        new RleCsvOptions { Layout = TableLayout.Wide },
        new RleCsvOptions { Layout = TableLayout.Wide, Classes = ["a"], RleColumn = "rle" },
        new RleCsvOptions { ImageClassColumn = "x", ImageColumn = "y" },
        new RleCsvOptions { Classes = ["a", "a"] },
        new RleCsvOptions { Classes = ["a"], Names = new Dictionary<string, string> { ["b"] = "1" } },
        new RleCsvOptions { Classes = ["a", "b"], Names = new Dictionary<string, string> { ["a"] = "b" } },
        new RleCsvOptions { Table = "../train.csv" },
        new RleCsvOptions { PatientColumn = "p", PatientPattern = "x" },
        new RleCsvOptions { PatientPattern = "(" },
    ];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [MemberData(nameof(Faulty))]
    public void Options_that_make_no_sense_are_refused(RleCsvOptions options) => Assert.Throws<ConfigurationException>(() => new RleCsvFormat(options));

    [Theory]
    [InlineData("derived_submission_model.csv", TableLayout.Long, "model")]
    [InlineData("ChestX-Ray8.csv", TableLayout.Wide, "model")]
    [InlineData("ChestX-Ray8_julia_annotations.csv", TableLayout.Wide, "julia")]
    [InlineData("ChestX-Ray8_martina_annotations.csv", TableLayout.Wide, "martina")]
    public void Masks_of_chests_are_those_of_an_independent_reader(string table, TableLayout layout, string reader)
    {
        var golden = Golden();
        File.Copy(SharedData.Path($"data/xray-chest-rle/{table}"), Path.Combine(_root, "train.csv"));
        var images = File.ReadLines(Path.Combine(_root, "train.csv")).Skip(1).Select(line => line.Split(',')[0]).Distinct().ToList();
        images.ForEach(image => Image(image, 1024, 1024));
        var format = new RleCsvFormat(new RleCsvOptions { Layout = layout, Classes = Chest, Order = RunOrder.Row, Base = "1" });

        var index = format.Index(_root);

        Assert.Empty(index.Findings);
        Assert.Equal(images.Count, index.Cases.Count);
        foreach (var source in index.Cases.Where((_, i) => i % 7 == 0))
        {
            foreach (var annotation in format.ReadLabels(_root, source, new Frame(1024, 1024)).Cast<MaskAnnotation>())
            {
                var expected = golden[source.ImageName]![reader]![annotation.Class]!;
                Assert.Equal((long)expected["area"]!, annotation.Mask.Area);
                Assert.Equal((string)expected["sha256"]!, Convert.ToHexStringLower(SHA256.HashData(annotation.Mask.ToDense())));
            }
        }
    }

    [Theory]
    [InlineData(ScanOrder.Row, 1)]
    [InlineData(ScanOrder.Row, 0)]
    [InlineData(ScanOrder.Column, 1)]
    [InlineData(ScanOrder.Column, 0)]
    public void Sniffs_the_convention_of_real_masks_by_references_that_a_physician_drew(ScanOrder order, int origin)
    {
        // The model's masks, written in a convention of the test's; references are outlines that a physician drew of some of the images.
        var convention = new RleConvention(order, origin, RleForm.StartLength);
        var frame = new Frame(1024, 1024);
        var model = SubmissionReader.Read(SharedData.Path("data/xray-chest-rle/derived_submission_model.csv"), frame);
        var julia = File.ReadLines(SharedData.Path("data/xray-chest-rle/ChestX-Ray8_julia_annotations.csv")).Skip(1).Select(Outlines).Where(j => model.Any(r => r.Image == j.Image)).Take(8).ToList();
        foreach (var (image, polygons) in julia)
        {
            Image(image, 1024, 1024);
            Put($"references/{image}", ImageFile.EncodePng(new Image(frame, 1, polygons.Select(p => Polygons.FillPoly(p, frame)).Aggregate((a, b) => a.Union(b)).ToDense())));
        }

        var rows = model.Where(r => julia.Any(j => j.Image == r.Image)).Select(r => $"{r.Image},{r.Class},{Rle.Encode(r.Mask, convention)}");
        Text("train.csv", "image_name,class,rle\n" + string.Join('\n', rows) + "\n");
        var format = new RleCsvFormat(new RleCsvOptions { Classes = Chest, Reference = "references" });

        var index = format.Index(_root);

        var told = Assert.Single(index.Findings);
        Assert.Equal(("rle-convention", Severity.Info), (told.Check, told.Severity));
        Assert.Contains($"{(order == ScanOrder.Row ? "row" : "column")} order from {origin}", told.Message, StringComparison.Ordinal);
        Assert.Equal($"{(order == ScanOrder.Row ? "row" : "column")} order from {origin}", format.FoundIn(_root)["rle"]);
        var source = index.Cases[0];
        Assert.Equal(model.Where(r => r.Image == source.ImageName).Select(r => (r.Class, r.Mask)), format.ReadLabels(_root, source, frame).Cast<MaskAnnotation>().Select(a => (a.Class, a.Mask)));
    }

    [Fact]
    public void Sniff_refuses_what_nothing_decides_and_says_what_to_write()
    {
        Image("a.png", 64, 64);
        Text("train.csv", "image_name,rle\na.png,100 5 164 5\n");
        var refused = Assert.Throws<ConfigurationException>(() => new RleCsvFormat(new()).Index(_root)).Message;
        Assert.Contains("train.csv: 1 images do not tell how the runs are written", refused, StringComparison.Ordinal);
        Assert.Contains("Say order: row or column", refused, StringComparison.Ordinal);
        Assert.Contains("base: 0 or 1", refused, StringComparison.Ordinal);
        Assert.Contains("reference", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Sniff_tells_columns_from_rows_by_the_images_edges()
    {
        for (var i = 0; i < 8; i++)
        {
            Disc(i, out var image, out _);
            Put($"images/{i}.png", ImageFile.EncodePng(image));
        }

        Text("train.csv", "ImageId,EncodedPixels\n" + string.Concat(Enumerable.Range(0, 8).Select(i =>
        {
            Disc(i, out _, out var mask);
            return $"{i}.png,{Rle.Encode(mask, RleConvention.Kaggle)}\n";
        })));
        var index = new RleCsvFormat(new RleCsvOptions { Base = "1" }).Index(_root);
        Assert.Contains("column order from 1", Assert.Single(index.Findings).Message, StringComparison.Ordinal);

        var wrong = Assert.Single(new RleCsvFormat(new RleCsvOptions { Order = RunOrder.Row, Base = "1" }).Index(_root).Findings);
        Assert.Equal(("rle-convention", Severity.Amber), (wrong.Check, wrong.Severity));
        Assert.Contains("Order is given as row, and the masks look as if it were column", wrong.Message, StringComparison.Ordinal);
        Assert.Empty(new RleCsvFormat(new RleCsvOptions { Order = RunOrder.Column, Base = "1" }).Index(_root).Findings);
    }

    [Fact]
    public void Rows_of_an_image_and_class_are_joined_and_empty_cells_are_empty_masks()
    {
        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            Image($"{name}.png", 2, 4);
        }

        Text("train.csv", "\uFEFFimage_id,class_id,rle\r\na,ulna,1 2\r\na,ulna,5 1\r\na,radius,2 2\r\nb.png,ulna,\r\nb.png,radius,NaN\r\n\"x/c.png\",ulna,-1\r\nd,,\r\n");
        var format = new RleCsvFormat(new RleCsvOptions { Classes = ["radius", "ulna"], Order = RunOrder.Row, Base = "1" });
        var index = format.Index(_root);
        Assert.Empty(index.Findings);
        Assert.Equal([("radius", new Run(1, 2)), ("ulna", new Run(0, 2)), ("ulna", new Run(4, 1))], Runs(format, index.Cases[0]));
        Assert.All(index.Cases.Skip(1), c => Assert.Empty(Runs(format, c)));
        Assert.All(index.Cases, c => Assert.Equal($"train.csv#{c.ImageName}", c.LabelPath));
    }

    [Fact]
    public void The_table_s_own_classes_are_taken_in_natural_order()
    {
        Image("a.png", 2, 4);
        Text("train.csv", "image_name,class,rle\na.png,finger-10,1 2\na.png,finger-2,5 1\n");
        var format = new RleCsvFormat(new RleCsvOptions { Order = RunOrder.Row, Base = "1" });
        Assert.Equal(["finger-2", "finger-10"], format.ClassesIn(_root));
        Assert.Equal([("finger-2", new Run(4, 1)), ("finger-10", new Run(0, 2))], Runs(format, format.Index(_root).Cases.Single()));
    }

    [Fact]
    public void Image_and_class_may_share_a_column_and_classes_may_be_renamed()
    {
        Image("0002cc93b.jpg", 2, 4);
        Text("train.csv", "ImageId_ClassId,EncodedPixels\n0002cc93b.jpg_1,1 2\n0002cc93b.jpg_2,\n");
        var format = new RleCsvFormat(new RleCsvOptions
        {
            ImageClassColumn = "ImageId_ClassId",
            Classes = ["pitted", "crazing"],
            Names = new Dictionary<string, string> { ["pitted"] = "1", ["crazing"] = "2" },
            Order = RunOrder.Column,
            Base = "1",
        });
        Assert.Equal([("pitted", new Run(0, 1)), ("pitted", new Run(4, 1))], Runs(format, format.Index(_root).Cases.Single()));
    }

    [Fact]
    public void What_is_not_on_both_sides_is_told()
    {
        Image("a.png", 2, 4);
        Image("b.png", 2, 4);
        Image("x/c.png", 2, 4);
        Image("y/c.png", 2, 4);
        Text("train.csv", "image,rle\na,1 2\nz.png,1 2\nc.png,1 2\n");
        var options = new RleCsvOptions { Order = RunOrder.Row, Base = "1" };
        var index = new RleCsvFormat(options).Index(_root);
        Assert.Equal(
            [("missing-image", Severity.Amber, "train.csv"), ("missing-image", Severity.Red, "train.csv"), ("missing-label", Severity.Red, "images/b.png"), ("missing-label", Severity.Red, "images/x/c.png"), ("missing-label", Severity.Red, "images/y/c.png")],
            index.Findings.Select(f => (f.Check, f.Severity, f.Where)).Order());
        var empty = new RleCsvFormat(options with { Absent = AbsentImage.Empty });
        var b = empty.Index(_root).Cases.Single(c => c.Id == "b");
        Assert.Equal("train.csv#b.png", b.LabelPath);
        Assert.Empty(Runs(empty, b));
    }

    [Fact]
    public void Facts_patients_and_a_test_table_come_along()
    {
        Image("a.png", 2, 4);
        Image("b.png", 2, 4);
        Put("test/t.png", ImageFile.EncodePng(new Image(new Frame(2, 4))));
        Text("train.csv", "image;sex;who;rle\na;F;p1;1 2\nb;M;p1;3 1\n");
        Text("test.csv", "image;sex;who;rle\nt;F;p2;2 2\n");
        var format = new RleCsvFormat(new RleCsvOptions { Metadata = ["sex"], PatientColumn = "who", TestImages = "test", TestTable = "test.csv", Order = RunOrder.Row, Base = "1" });
        var index = format.Index(_root);
        Assert.Empty(index.Findings);
        Assert.Equal([("a", "p1", "F"), ("b", "p1", "M"), ("test-t", "p2", "F")], index.Cases.Select(c => (c.Id, c.Patient, c.Metadata["sex"])));
        Assert.Equal([("foreground", new Run(1, 2))], Runs(format, index.Cases[2]));
    }

    [Theory]
    [InlineData(RunForm.GapLength, RunOrder.Row, "2 1 1 2")]
    [InlineData(RunForm.Counts, RunOrder.Row, "2 1 1 2 2")]
    [InlineData(RunForm.StartLength, RunOrder.Row, "2 1 4 2")]
    public void Other_forms_hold_the_same_mask(RunForm form, RunOrder order, string text)
    {
        Image("a.png", 2, 4);
        Text("train.csv", $"image,rle\na,{text}\n");
        var format = new RleCsvFormat(new RleCsvOptions { Form = form, Order = order, Base = form == RunForm.StartLength ? "0" : "sniff" });
        Assert.Equal([("foreground", new Run(2, 1)), ("foreground", new Run(4, 2))], Runs(format, format.Index(_root).Cases.Single()));
    }

    [Fact]
    public void A_row_that_breaks_the_convention_is_named_by_line_and_character()
    {
        Image("a.png", 2, 4);
        Text("train.csv", "image,rle\n\na,1 2 7 9\n");
        var format = new RleCsvFormat(new RleCsvOptions { Order = RunOrder.Row, Base = "1" });
        var source = format.Index(_root).Cases.Single();
        var refused = Assert.Throws<DataException>(() => format.ReadLabels(_root, source, new Frame(2, 4))).Message;
        Assert.StartsWith("train.csv: line 3: RLE, character", refused, StringComparison.Ordinal);
        Assert.Contains("row order from 1", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_of_a_table_are_told_at_once()
    {
        Image("a.png", 2, 4);
        Text("train.csv", "image,class,rle\na,radius,1 2\na,ulna,1 2\na,radius\n");
        var refused = Assert.Throws<DataException>(() => new RleCsvFormat(new RleCsvOptions { Classes = ["radius"] }).Index(_root)).Message;
        Assert.Equal("train.csv: line 3: the class 'ulna' is none of radius; line 4 has 2 fields, the header 3.", refused);
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "none of its columns is called image_name")]
    [InlineData("image,x\na,2\n", "name it by rle_column")]
    [InlineData("", "is empty")]
    [InlineData("image,rle\n\"a,1 2\n", "never closed")]
    [InlineData("image,rle\n\"a\"b,1 2\n", "follows a closing quote")]
    public void Tables_that_are_none_are_refused_with_what_they_lack(string csv, string why)
    {
        Image("a.png", 2, 4);
        Text("train.csv", csv);
        Assert.Contains(why, Assert.Throws<DataException>(() => new RleCsvFormat(new()).Index(_root)).Message, StringComparison.Ordinal);
    }

    private static JsonObject Golden() => JsonNode.Parse(File.ReadAllText(SharedData.Path("data/xray-chest-rle/golden.json")))!["images"]!.AsObject();

    /// <summary>A bright disc on a dark ground, off the diagonal.</summary>
    private static void Disc(int i, out Image image, out Mask mask)
    {
        var frame = new Frame(96, 96);
        image = new Image(frame);
        var (row, column, set) = (20 + (3 * i), 70 - (2 * i), new byte[frame.Area]);
        for (var p = 0; p < frame.Area; p++)
        {
            var (y, x) = Math.DivRem(p, frame.Width);
            set[p] = (byte)(((y - row) * (y - row)) + ((x - column) * (x - column)) <= 12 * 12 ? 1 : 0);
            image.Bytes[p] = (byte)((set[p] * 120) + 60 + ((p * 7919) % 13));
        }

        mask = Mask.FromDense(set, frame);
    }

    /// <summary>Image, dataset, "x,y,x,y,…" of 120 landmarks: 0–43 right lung, 44–93 left lung, 94–119 heart.</summary>
    private static (string Image, Polygon[] Polygons) Outlines(string row)
    {
        var numbers = row.Split('"')[1].Split(',').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        var points = numbers.Chunk(2).Select(p => new Vertex(p[0], p[1])).ToArray();
        return (row.Split(',')[0], [.. new[] { points[..44], points[44..94], points[94..] }.Select(p => new Polygon(new Frame(1024, 1024), p))]);
    }

    private List<(string Class, Run Run)> Runs(RleCsvFormat format, CaseSource source) =>
        [.. format.ReadLabels(_root, source, format.ReadImage(_root, source).Frame).Cast<MaskAnnotation>().SelectMany(a => a.Mask.Runs.ToArray().Select(r => (a.Class, r)))];

    private void Image(string name, int height, int width) => Put($"images/{name}", name.EndsWith(".jpg", StringComparison.Ordinal) ? ImageFile.EncodeJpeg(new Image(new Frame(height, width))) : ImageFile.EncodePng(new Image(new Frame(height, width))));

    private void Text(string path, string text) => Put(path, System.Text.Encoding.UTF8.GetBytes(text));

    private void Put(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, path))!);
        File.WriteAllBytes(Path.Combine(_root, path), bytes);
    }
}
