using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Formats.Tests;

public sealed class HandBoneFormatTests : IDisposable
{
    private readonly HandBoneFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private CaseIndex Index() => _folder.Format.Index(_folder.Root);

    [Fact]
    public void Names_29_classes_in_channel_order()
    {
        Assert.Equal(29, _folder.Format.Classes.Count);
        Assert.Equal("finger-1", _folder.Format.Classes[0]);
        Assert.Equal("finger-19", _folder.Format.Classes[18]);
        Assert.Equal(["Trapezium", "Trapezoid", "Capitate", "Hamate", "Scaphoid", "Lunate", "Triquetrum", "Pisiform", "Radius", "Ulna"], _folder.Format.Classes.Skip(19));
    }

    [Fact]
    public void Lists_cases_in_ordinal_order_with_patient_side_and_label()
    {
        _folder.Case("ID002", "image1661130828152_R").Case("ID001", "image1661130891365_L").Image("test/DCM/ID040/image1661319116107.png");

        var index = Index();

        Assert.Empty(index.Findings);
        Assert.Equal(["image1661319116107", "image1661130891365_L", "image1661130828152_R"], index.Cases.Select(c => c.Id));
        Assert.Equal(["ID040", "ID001", "ID002"], index.Cases.Select(c => c.Patient));
        Assert.Equal([Subset.Test, Subset.Train, Subset.Train], index.Cases.Select(c => c.Subset));
        Assert.Equal([null, "train/outputs_json/ID001/image1661130891365_L.json", "train/outputs_json/ID002/image1661130828152_R.json"], index.Cases.Select(c => c.LabelPath));
        Assert.Equal("L", index.Cases[1].Metadata["side"]);
        Assert.False(index.Cases[0].Metadata.ContainsKey("side"));
    }

    [Fact]
    public void Accepts_the_folder_above_data()
    {
        _folder.Image("data/test/DCM/ID040/a.png").Text("data/test/outputs_json/ID040/a.json", HandBoneFolder.Label("a", HandBoneFolder.Outline("Ulna")));

        var found = Assert.Single(Index().Cases);

        Assert.Equal("data/test/DCM/ID040/a.png", found.ImagePath);
        Assert.Equal("Ulna", Assert.Single(_folder.Format.ReadLabels(_folder.Root, found, new Frame(8, 10))).Class);
    }

    [Fact]
    public void Tells_which_folders_it_expected()
    {
        var error = Assert.Throws<ConfigurationException>(Index);
        Assert.Contains("train/DCM/ID###", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Leaves_out_the_second_of_two_equal_stems()
    {
        _folder.Case("ID001", "image1661130828152").Case("ID002", "image1661130828152");

        var index = Index();

        Assert.Equal("ID001", Assert.Single(index.Cases).Patient);
        Assert.Equal((Severity.Red, "duplicate-id", "train/DCM/ID002/image1661130828152.png"), Told(Assert.Single(index.Findings)));
    }

    [Fact]
    public void Blocks_training_images_without_label()
    {
        _folder.Image("train/DCM/ID001/a.png");

        var index = Index();

        Assert.Null(Assert.Single(index.Cases).LabelPath);
        Assert.Equal((Severity.Red, "missing-label", "train/DCM/ID001/a.png"), Told(Assert.Single(index.Findings)));
    }

    [Fact]
    public void Tells_of_labels_without_image()
    {
        _folder.Case("ID001", "a").Text("train/outputs_json/ID001/b.json", "{}");

        Assert.Equal((Severity.Amber, "missing-image", "train/outputs_json/ID001/b.json"), Told(Assert.Single(Index().Findings)));
    }

    [Fact]
    public void Tells_of_files_that_do_not_belong_but_not_of_hidden_ones()
    {
        _folder.Case("ID001", "a").Text("train/DCM/ID001/a.dcm", "x").Text("train/DCM/notes.txt", "x").Text("train/DCM/ID001/.DS_Store", "x");

        Assert.Equal(["train/DCM/ID001/a.dcm", "train/DCM/notes.txt"], Index().Findings.Select(f => f.Where).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Does_not_follow_links_out_of_the_root()
    {
        using var elsewhere = new HandBoneFolder().Case("ID009", "secret");
        _folder.Case("ID001", "a");
        File.CreateSymbolicLink(Path.Combine(_folder.Root, "train/DCM/ID001/b.png"), Path.Combine(elsewhere.Root, "train/DCM/ID009/secret.png"));
        Directory.CreateSymbolicLink(Path.Combine(_folder.Root, "train/DCM/ID002"), Path.Combine(elsewhere.Root, "train/DCM/ID009"));

        var index = Index();

        Assert.Equal("a", Assert.Single(index.Cases).Id);
        Assert.Equal(["train/DCM/ID001/b.png", "train/DCM/ID002"], index.Findings.Where(f => f.Check == "outside-root").Select(f => f.Where).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Does_not_follow_a_link_through_another_link_out_of_the_root()
    {
        using var elsewhere = new HandBoneFolder().Case("ID009", "secret");
        _folder.Case("ID001", "a");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Root, "away"), elsewhere.Root);
        File.CreateSymbolicLink(Path.Combine(_folder.Root, "train/DCM/ID001/b.png"), Path.Combine(_folder.Root, "away/train/DCM/ID009/secret.png"));

        Assert.Equal("train/DCM/ID001/b.png", Assert.Single(Index().Findings, f => f.Check == "outside-root").Where);
    }

    [Fact]
    public void Tells_of_links_in_a_circle()
    {
        _folder.Case("ID001", "a");
        File.CreateSymbolicLink(Path.Combine(_folder.Root, "train/DCM/ID001/b.png"), "b.png");

        Assert.Equal("train/DCM/ID001/b.png", Assert.Single(Index().Findings, f => f.Check == "outside-root").Where);
    }

    [Fact]
    public void Follows_links_inside_the_root()
    {
        _folder.Case("ID001", "a").Image("store/b.png").Text("train/outputs_json/ID001/b.json", HandBoneFolder.Label("b", HandBoneFolder.Outline("Ulna")));
        File.CreateSymbolicLink(Path.Combine(_folder.Root, "train/DCM/ID001/b.png"), Path.Combine(_folder.Root, "store/b.png"));

        Assert.Empty(Index().Findings);
        Assert.Equal(new Frame(8, 10), _folder.Format.ReadImage(_folder.Root, Index().Cases[1]).Frame);
    }

    [Theory]
    [InlineData("../other.png")]
    [InlineData("/etc/hostname")]
    [InlineData("train/../../other.png")]
    public void Refuses_paths_out_of_the_root(string path)
    {
        var source = new CaseSource("a", "ID001", Subset.Train, path, path);

        Assert.Throws<DataException>(() => _folder.Format.ReadImage(_folder.Root, source));
        Assert.Throws<DataException>(() => _folder.Format.ReadLabels(_folder.Root, source, new Frame(8, 10)));
    }

    [Fact]
    public void Refuses_a_truncated_image()
    {
        _folder.Case("ID001", "a");
        var source = Index().Cases[0];
        var file = Path.Combine(_folder.Root, source.ImagePath);
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^20]);

        Assert.Throws<DataException>(() => _folder.Format.ReadImage(_folder.Root, source));
    }

    [Fact]
    public void Refuses_an_image_that_has_gone()
    {
        _folder.Case("ID001", "a");
        var source = Index().Cases[0];
        File.Delete(Path.Combine(_folder.Root, source.ImagePath));

        Assert.Throws<DataException>(() => _folder.Format.ReadImage(_folder.Root, source));
    }

    private static (Severity, string, string) Told(Finding finding) => (finding.Severity, finding.Check, finding.Where);
}
