using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Datasets.Tests;

public sealed class CaseStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-store-").FullName;

    public static TheoryData<int> ClassCounts => [1, 8, 9, 16, 29, 32, 33, 64];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(ClassCounts))]
    public void Gives_back_what_was_written(int classes)
    {
        var c = Cases.Make("ID001_image1", "ID001");
        var (image, labels, truth) = Cases.Content(c, classes, bytesPerPixel: 2);
        var store = Written(classes, (c, image, labels, truth));

        var sample = store.Read(c);
        Assert.Equal(2, sample.Image.BytesPerPixel);
        Assert.Equal(image.Bytes.ToArray(), sample.Image.Bytes.ToArray());
        Assert.Equal(image.Bytes.ToArray(), store.ReadImage(c).Bytes.ToArray());
        Assert.Equal((c.Stored, classes), (sample.Labels.Frame, sample.Labels.Classes));
        Assert.Equal(labels.Bytes.ToArray(), sample.Labels.Bytes.ToArray());
        Assert.Equal(truth.Select(m => m.Runs.ToArray()), store.ReadTruth(c).Select(m => m.Runs.ToArray()));
        Assert.All(store.ReadTruth(c), m => Assert.Equal(c.Original, m.Frame));
    }

    [Fact]
    public void Keeps_the_order_and_the_facts_of_cases()
    {
        var first = Cases.Make("b", "환자 2");
        first = first with { Source = first.Source with { Metadata = new Dictionary<string, string> { ["sex"] = "여", ["age"] = "27" } } };
        var second = Cases.Make("a", "환자 1", Subset.Test, labelled: false);
        Written(3, Full(first, 3), (second, Cases.Content(second, 3).Image, null, null));

        var store = CaseStore.Open(_folder);

        Assert.Equal(["class-0", "class-1", "class-2"], store.Classes);
        Assert.Equal(["b", "a"], store.Cases.Select(c => c.Id));
        Assert.Equal("여", store["b"].Source.Metadata["sex"]);
        Assert.Equal((second.Source with { Metadata = store["a"].Source.Metadata }, second.Stored), (store["a"].Source, store["a"].Stored));
        Assert.False(store["a"].Labelled);
        Assert.Contains("환자", File.ReadAllText(Path.Combine(_folder, "cases.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_cases_give_the_same_files()
    {
        var c = Cases.Make("a", "p");
        Written(29, Full(c, 29));
        var first = Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Order().ToDictionary(p => p, File.ReadAllBytes);
        Written(29, Full(c, 29));
        Assert.Equal(first, Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Order().ToDictionary(p => p, File.ReadAllBytes));
    }

    [Fact]
    public void An_interrupted_conversion_goes_on_where_it_stopped()
    {
        var (done, half) = (Cases.Make("done", "p"), Cases.Make("half", "q"));
        var writer = new CaseStoreWriter(_folder, Names(4));
        Write(writer, Full(done, 4));
        Write(writer, Full(half, 4));
        Cut(half, by: 1);

        var again = new CaseStoreWriter(_folder, Names(4));

        Assert.Equal(done, again.Find(done.Source));
        Assert.Null(again.Find(half.Source));
        Assert.False(again.Has("never"));
        Assert.Throws<InvalidOperationException>(() => again.Finish([done, half]));
        Assert.False(new CaseStoreWriter(_folder, Names(9)).Has("done"));
    }

    [Fact]
    public void Many_threads_write_and_read_at_once()
    {
        var cases = Enumerable.Range(0, 40).Select(i => Cases.Make($"c{i}", $"p{i}")).ToList();
        var writer = new CaseStoreWriter(_folder, Names(29));
        Parallel.ForEach(cases, c => Write(writer, Full(c, 29)));
        writer.Finish(cases);

        var store = CaseStore.Open(_folder);
        Parallel.ForEach(cases, c => Assert.Equal(Cases.Content(c, 29).Labels.Bytes.ToArray(), store.Read(c).Labels.Bytes.ToArray()));
    }

    // A file that is mapped stays whole under a reader when another one takes its name.
    [Fact]
    public void A_case_that_is_written_anew_while_it_is_read_comes_whole()
    {
        var (one, other) = (Cases.Make("a", "p"), Cases.Make("b", "p"));
        var (first, second) = (Full(one, 29), Cases.Content(other, 29));
        var store = Written(29, first);
        byte[][] images = [first.Image.Bytes.ToArray(), second.Image.Bytes.ToArray()];
        var writing = new Thread(() =>
        {
            var writer = new CaseStoreWriter(_folder, Names(29));
            for (var i = 0; i < 100; i++)
            {
                Write(writer, i % 2 == 0 ? (one, second.Image, second.Labels, second.Truth) : first);
            }
        });
        writing.Start();
        var seen = new HashSet<int>();
        while (writing.IsAlive)
        {
            var read = store.Read(one).Image.Bytes.ToArray();
            seen.Add(Array.FindIndex(images, image => image.AsSpan().SequenceEqual(read)));
        }

        writing.Join();
        Assert.DoesNotContain(-1, seen);
    }

    [Theory]
    [InlineData("../../evil")]
    [InlineData("..")]
    [InlineData("손 사진")]
    [InlineData("")]
    [InlineData("a\0b")]
    public void An_id_that_is_no_file_name_stays_in_the_folder(string id)
    {
        var c = Cases.Make(id.Length == 0 ? "~" : id, "p");
        var store = Written(2, Full(c, 2));
        Assert.Equal(Cases.Content(c, 2).Image.Bytes.ToArray(), store.ReadImage(c).Bytes.ToArray());
        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "cases")));
    }

    [Fact]
    public void A_cut_case_is_refused_at_every_length()
    {
        var c = Cases.Make("a", "p");
        var store = Written(29, Full(c, 29));
        var whole = File.ReadAllBytes(CaseFile(c));
        for (var length = 0; length < whole.Length; length += 13)
        {
            File.WriteAllBytes(CaseFile(c), whole[..length]);
            Assert.Throws<DataException>(() => store.Read(c));
        }
    }

    [Fact]
    public void A_case_with_any_byte_changed_is_refused_and_written_again()
    {
        var c = Cases.Make("a", "p");
        var store = Written(29, Full(c, 29));
        var whole = File.ReadAllBytes(CaseFile(c));
        for (var i = 0; i < whole.Length; i += i < 64 ? 1 : 29)
        {
            var hurt = whole.ToArray();
            hurt[i] ^= 0xC1;
            File.WriteAllBytes(CaseFile(c), hurt);
            Assert.Contains("Run Convert again", Assert.Throws<DataException>(() => store.ReadImage(c)).Message, StringComparison.Ordinal);
            Assert.Throws<DataException>(() => store.ReadFacts(c));
            Assert.Null(new CaseStoreWriter(_folder, Names(29)).Find(c.Source));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"version":2,"classes":["a"],"cases":[]}""")]
    [InlineData("""{"version":1,"classes":[],"cases":[]}""")]
    [InlineData("""{"version":1,"classes":["a"],"cases":[null]}""")]
    [InlineData("""{"version":1,"classes":["a"],"cases":[{"id":"x"}]}""")]
    [InlineData("""{"version":1,"classes":[null],"cases":[]}""")]
    public void A_damaged_list_is_refused(string json)
    {
        File.WriteAllText(Path.Combine(_folder, "cases.json"), json);
        Assert.Contains("cases.json", Assert.Throws<DataException>(() => CaseStore.Open(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_case_whose_parts_do_not_fit_is_refused()
    {
        var c = Cases.Make("a", "p");
        var (image, labels, truth) = Cases.Content(c, 3);
        var writer = new CaseStoreWriter(_folder, Names(3));
        Assert.Throws<ArgumentException>(() => writer.Write(c, new Image(new Frame(1, 1)), labels, truth));
        Assert.Throws<ArgumentException>(() => writer.Write(c, image, null, null));
        Assert.Throws<ArgumentException>(() => writer.Write(c, image, labels, truth[..2]));
        Assert.Throws<ArgumentException>(() => writer.Write(c with { Labelled = false }, image, labels, truth));
    }

    [Fact]
    public void Labels_of_an_unlabelled_case_are_not_invented()
    {
        var c = Cases.Make("a", "p", Subset.Test, labelled: false);
        var store = Written(3, (c, Cases.Content(c, 3).Image, null, null));
        Assert.Throws<InvalidOperationException>(() => store.Read(c));
        Assert.Throws<InvalidOperationException>(() => store.ReadTruth(c));
    }

    private static string[] Names(int classes) => [.. Enumerable.Range(0, classes).Select(k => $"class-{k}")];

    private static (StoredCase Case, Image Image, LabelMap? Labels, Mask[]? Truth) Full(StoredCase c, int classes)
    {
        var (image, labels, truth) = Cases.Content(c, classes);
        return (c, image, labels, truth);
    }

    private static void Write(CaseStoreWriter writer, (StoredCase Case, Image Image, LabelMap? Labels, Mask[]? Truth) content) =>
        writer.Write(content.Case, content.Image, content.Labels, content.Truth);

    private CaseStore Written(int classes, params (StoredCase Case, Image Image, LabelMap? Labels, Mask[]? Truth)[] contents)
    {
        var writer = new CaseStoreWriter(_folder, Names(classes));
        foreach (var content in contents)
        {
            Write(writer, content);
        }

        writer.Finish([.. contents.Select(c => c.Case)]);
        return CaseStore.Open(_folder);
    }

    private string CaseFile(StoredCase c) => Path.Combine(_folder, "cases", c.Id + ".case");

    private void Cut(StoredCase c, int by)
    {
        using var file = File.OpenWrite(CaseFile(c));
        file.SetLength(file.Length - by);
    }
}
