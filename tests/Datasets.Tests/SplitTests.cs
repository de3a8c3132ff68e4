using Osteon.Abstractions;

namespace Osteon.Datasets.Tests;

public sealed class SplitTests
{
    private static readonly StoredCase[] Four = [Cases.Make("a", "p"), Cases.Make("b", "p"), Cases.Make("c", "q"), Cases.Make("d", "r")];

    [Fact]
    public void Comes_back_from_its_file()
    {
        var path = Path.GetTempFileName();
        try
        {
            new Split(["d"], [new(["a", "b"], ["c"]), new(["c"], ["a", "b"])]).Save(path);
            var split = Split.Load(path);
            Assert.Equal(["d"], split.Test);
            Assert.Equal(["c"], split.Folds[0].Validation);
            Assert.Equal(["c"], split.Folds[1].Train);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"test":[],"folds":[]}""")]
    [InlineData("""{"test":[],"folds":[{"train":["a"]}]}""")]
    [InlineData("""{"test":[],"folds":[{"train":["a", null],"validation":["b"]}]}""")]
    public void A_file_that_is_no_split_is_refused(string json)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, json);
            Assert.Throws<DataException>(() => Split.Load(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Verify_passes_a_split_by_patient() => new Split(["d"], [new(["a", "b"], ["c"])]).Verify(Four);

    [Fact]
    public void Verify_names_the_patient_on_two_sides()
    {
        var refused = Assert.Throws<ConfigurationException>(() => new Split([], [new(["a", "d"], ["b", "c"])]).Verify(Four));
        Assert.Equal(["Fold 0: patient 'p' stands in train and, by case 'b', in validation."], refused.Faults);
    }

    [Fact]
    public void Verify_names_every_fault()
    {
        var refused = Assert.Throws<ConfigurationException>(() => new Split(["a"], [new(["a", "x"], ["b"])]).Verify(Four));
        Assert.Equal(3, refused.Faults.Count);
    }
}
