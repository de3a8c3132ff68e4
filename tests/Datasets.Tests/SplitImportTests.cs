using Osteon.Abstractions;

namespace Osteon.Datasets.Tests;

public sealed class SplitImportTests : IDisposable
{
    private static readonly StoredCase[] Six =
    [
        Cases.Make("a", "p"), Cases.Make("b", "p"), Cases.Make("c", "q"), Cases.Make("d", "r"), Cases.Make("e", "s"), Cases.Make("t", "u", Subset.Test, labelled: false),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-split-").FullName;

    [Fact]
    public void Reads_nnUNets_splits_final()
    {
        var split = Read("splits_final.json", """[{"train": ["a", "b", "c"], "val": ["d", "e"]}, {"train": ["d", "e"], "val": ["a", "b", "c"]}]""");
        Assert.Equal(["t"], split.Test);
        Assert.Equal(["d", "e"], split.Folds[0].Validation);
        Assert.Equal(["d", "e"], split.Folds[1].Train);
        Assert.Equal(Path.Combine(_folder, "splits_final.json"), split.Made!.By);
    }

    [Theory]
    [InlineData("case,fold\na,0\nb,0\nc,1\nd,1\ne,test\n")]
    [InlineData("fold,image_id\n0,a.png\n0,b.png\n1,images/c.png\n1,\"d\"\n-1,e\n")]
    [InlineData("\uFEFFImage,Fold\r\na,0\r\nb,0\r\nc,1\r\nd,1\r\ne,Test\r\n")]
    public void Reads_a_table_of_folds(string csv)
    {
        var split = Read("folds.csv", csv);
        Assert.Equal(["e", "t"], split.Test);
        Assert.Equal(["a", "b"], split.Folds[0].Validation);
        Assert.Equal(["c", "d"], split.Folds[0].Train);
        Assert.Equal(["c", "d"], split.Folds[1].Validation);
    }

    [Fact]
    public void Reads_a_table_of_parts()
    {
        var split = Read("parts.csv", "image,split\na,train\nb,train\nc,valid\nd,val\ne,test\n");
        var fold = Assert.Single(split.Folds);
        Assert.Equal((2, 2, 2), (fold.Train.Count, fold.Validation.Count, split.Test.Count));
    }

    [Fact]
    public void Reads_a_list_a_part()
    {
        File.WriteAllText(At("train.csv"), "image_id\na.png\nb.png\n");
        File.WriteAllText(At("valid.csv"), "image_id\nc.png\n");
        File.WriteAllText(At("test.txt"), "d\ne\n");
        var split = SplitImport.Read(new Dictionary<string, string> { ["train"] = At("train.csv"), ["val"] = At("valid.csv"), ["test"] = At("test.txt") }, Six, "patient");
        Assert.Equal(["d", "e", "t"], split.Test);
        Assert.Equal(["c"], Assert.Single(split.Folds).Validation);
    }

    [Fact]
    public void Takes_the_parts_that_a_column_of_the_metadata_says()
    {
        var words = new Dictionary<string, string> { ["a"] = "train", ["b"] = "train", ["c"] = "val", ["d"] = "test", ["e"] = "valid", ["t"] = "test" };
        StoredCase[] cases = [.. Six.Select(c => c with { Source = c.Source with { Metadata = new Dictionary<string, string> { ["split"] = words[c.Id] } } })];
        var split = SplitImport.ReadColumn("split", cases, "patient");
        Assert.Equal(["d", "t"], split.Test);
        Assert.Equal(["a", "b"], Assert.Single(split.Folds).Train);
        Assert.Equal(["c", "e"], split.Folds[0].Validation);
    }

    [Fact]
    public void A_column_that_says_something_else_is_told_with_the_case()
    {
        StoredCase[] cases = [.. Six.Select(c => c with { Source = c.Source with { Metadata = new Dictionary<string, string> { ["split"] = c.Id == "c" ? "holdout" : c.Id == "e" ? "val" : "train" } } })];
        Assert.Contains("case 'c': split is 'holdout'; expected train, validation or test.", Assert.Throws<ConfigurationException>(() => SplitImport.ReadColumn("split", cases, "patient")).Faults);
        Assert.Contains("has none", Assert.Throws<ConfigurationException>(() => SplitImport.ReadColumn("part", Six, "patient")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_what_this_program_wrote()
    {
        var made = Splitter.Create([.. Six.Select(c => (c, new long[] { 1 }))], new SplitPlan { Folds = 2 }, 3, ["x"]);
        made.Save(At("split.json"));
        var taken = SplitImport.Read(At("split.json"), Six, "patient");
        Assert.Equal(made.Folds.Select(f => string.Join(' ', f.Validation)), taken.Folds.Select(f => string.Join(' ', f.Validation)));
        Assert.Contains("\"version\": 2", File.ReadAllText(At("split.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var refused = Assert.Throws<ConfigurationException>(() => Read("folds.csv", "case,fold\na,0\nb,1\nc,1\nx,0\nd,two\nc,1\n"));
        var path = At("folds.csv");
        Assert.Equal(
        [
            $"{path}:5: 'x' is no case of the data set.",
            $"{path}:6: the fold 'two' is no whole number, and not test.",
            $"{path}:7: 'c' stands there twice.",
            $"{path}: 2 labelled training case(s) stand in no part: d, e.",
            $"{path}: Fold 0: patient 'p' stands in train and, by case 'a', in validation.",
            $"{path}: Fold 1: patient 'p' stands in train and, by case 'b', in validation.",
        ], refused.Faults);
    }

    [Fact]
    public void A_patient_on_two_sides_passes_only_when_cases_may_part()
    {
        const string csv = "case,fold\na,0\nb,1\nc,1\nd,0\ne,0\n";
        Assert.Throws<ConfigurationException>(() => Read("folds.csv", csv));
        Assert.Equal(2, SplitImport.Read(At("folds.csv"), Six, "case").Folds.Count);
    }

    [Theory]
    [InlineData("name,age\na,3\n", "begins with the columns name, age; expected one of cases")]
    [InlineData("case,fold\na,0\nb,0\nc,2\nd,2\ne,2\n", "the folds are 0, 2; they count from 0 without a gap")]
    [InlineData("case,split\na,train\nb,train\nc,train\nd,train\ne,train\n", "fold 0 has 5 cases to train on and 0 to validate with")]
    [InlineData("case,split\na,train\nb,train\nc,val\nd,train\ne,other\n", "the part 'other' is none of train, validation, test")]
    [InlineData("case,split\na,train\nb,train\nc,val\nd,train\ne,train\nt,val\n", "case 't' of fold 0 has no label; it can only test")]
    [InlineData("[1]", "is not nnU-Net's list")]
    [InlineData("[]", "is not nnU-Net's list")]
    [InlineData("""{"version": 3, "test": [], "folds": [{"train": ["a"], "validation": ["b"]}]}""", "the split has version 3")]
    [InlineData("", "begins with the columns")]
    public void What_is_no_split_is_refused(string text, string why) =>
        Assert.Contains(why, Assert.ThrowsAny<ConfigurationException>(() => Read("some.file", text)).Message, StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(string name) => Path.Combine(_folder, name);

    private Split Read(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return SplitImport.Read(At(name), Six, "patient");
    }
}
