using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Runner.Tests;

public sealed class WeightCatalogTests : IDisposable
{
    private const string Header = "encoder\tweights\tid\tfile\turl\tsha256\tmean\tstd\trange\tlicence\n";
    private const string Row = "tiny\town,imagenet\tme/tiny\tmodel.safetensors\thttps://example.org/tiny\t0123abcd\t0.5,0.4,0.3\t0.2,0.2,0.2\t0,1\tmit\n";
    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-tables-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_table_beside_a_plugin_and_one_dropped_in_are_found()
    {
        Write("Encoders.Tiny/Encoders.Tiny.weights.tsv", Header + Row);
        Write("hospital.weights.tsv", "# ours\n" + Header + Row.Replace("own,imagenet", "hospital", StringComparison.Ordinal).Replace("me/tiny", "us/tiny", StringComparison.Ordinal));
        var catalog = WeightCatalog.Load([_folder, Path.Combine(_folder, "absent")]);
        var set = catalog.Find("tiny", "imagenet");
        Assert.Equal(("me/tiny", "model.safetensors", "0123abcd", "mit"), (set.Id, set.File, set.Sha256, set.Licence));
        Assert.Equal([0.5, 0.4, 0.3], set.Normalize.Mean);
        Assert.Equal("us/tiny", catalog.Find("tiny", "hospital").Id);
        Assert.Equal(Path.Combine(_folder, "store/me/tiny/model.safetensors"), new WeightStore(Path.Combine(_folder, "store")).PathOf(set));
    }

    [Theory]
    [InlineData("imagnet", "nearest is 'imagenet'. There are own, imagenet; or name a file.")]
    [InlineData("xy", "is unknown for tiny. There are own, imagenet; or name a file.")]
    public void A_name_that_is_not_there_is_told_those_that_are(string name, string reason)
    {
        Write("a.weights.tsv", Header + Row);
        Assert.Contains(reason, Assert.Throws<ConfigurationException>(() => WeightCatalog.Load([_folder]).Find("tiny", name)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_tables_that_say_different_things_of_a_set_are_both_named()
    {
        Write("a.weights.tsv", Header + Row);
        Write("b.weights.tsv", Header + Row.Replace("me/tiny", "us/tiny", StringComparison.Ordinal));
        var message = Assert.Throws<ConfigurationException>(() => WeightCatalog.Load([_folder]).Find("tiny", "own")).Message;
        Assert.Contains("a.weights.tsv", message, StringComparison.Ordinal);
        Assert.Contains("b.weights.tsv", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tiny\town\tme/../../etc\tf\thttps://e.org/f\t-\t0\t1\t0,1\t-", "id 'me/../../etc'")]
    [InlineData("tiny\town\t/etc\tf\thttps://e.org/f\t-\t0\t1\t0,1\t-", "id '/etc'")]
    [InlineData("tiny\town\tme\t../f\thttps://e.org/f\t-\t0\t1\t0,1\t-", "file '../f'")]
    [InlineData("tiny\town\tme\tf\tfile:///etc/passwd\t-\t0\t1\t0,1\t-", "url 'file:///etc/passwd'")]
    [InlineData("tiny\town\tme\tf\thttps://e.org/f\txyz\t0\t1\t0,1\t-", "sha256 'xyz'")]
    [InlineData("tiny\town\tme\tf\thttps://e.org/f\t-\t0,0\t1\t0,1\t-", "has 2 means and 1 deviations")]
    [InlineData("tiny\town\tme\tf\thttps://e.org/f\t-\t0\t0\t0,1\t-", "a deviation that is not above 0")]
    [InlineData("tiny\town\tme\tf\thttps://e.org/f\t-\tx\t1\t0,1\t-", "mean 'x' is not numbers")]
    [InlineData("tiny\town\tme\tf\thttps://e.org/f\t-\t0\t1\t1,0\t-", "range is [1, 0]")]
    [InlineData("tiny\town", "has 2 columns; expected 10")]
    public void A_wrong_line_is_told_with_its_place_and_so_is_every_other(string line, string reason)
    {
        Write("a.weights.tsv", $"{Header}{Row}{line}\nagain\n");
        var faults = Assert.Throws<ConfigurationException>(() => WeightCatalog.Load([_folder]).All.ToList()).Faults;
        Assert.Equal(2, faults.Count);
        Assert.StartsWith(Path.Combine(_folder, "a.weights.tsv(3): "), faults[0], StringComparison.Ordinal);
        Assert.Contains(reason, faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_in_the_store_is_asked_for_with_the_command_that_brings_it()
    {
        Write("a.weights.tsv", Header + Row);
        var store = WeightStore.Of(_folder, null);
        var set = WeightCatalog.Load([_folder]).Find("tiny", "imagenet");
        var message = Assert.Throws<ConfigurationException>(() => store.Require(set)).Message;
        Assert.Contains(Path.Combine(_folder, ".osteon/weights/me/tiny/model.safetensors"), message, StringComparison.Ordinal);
        Assert.Contains("dotnet cake --target=Weights --encoder=tiny --weights=own --import=FILE", message, StringComparison.Ordinal);
        Write(".osteon/weights/me/tiny/model.safetensors", "weights");
        Assert.Equal(store.PathOf(set), store.Require(set));
        Assert.Contains("expected 0123abcd…", store.Verify(set), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_changes_after_it_was_noted_is_found()
    {
        Write("a.weights.tsv", Header + Row.Replace("0123abcd", "-", StringComparison.Ordinal));
        var store = WeightStore.Of(_folder, null);
        var set = Assert.Single(WeightCatalog.Load([_folder]).All);
        Write(".osteon/weights/me/tiny/model.safetensors", "abc");
        Assert.Null(store.Verify(set));
        // NIST's digest of "abc", in the layout of sha256sum.
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  model.safetensors\n", File.ReadAllText($"{store.PathOf(set)}.sha256"));
        Assert.Null(store.Verify(set));
        Write(".osteon/weights/me/tiny/model.safetensors", "abd");
        Assert.Contains("has changed since it came", store.Verify(set), StringComparison.Ordinal);
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
