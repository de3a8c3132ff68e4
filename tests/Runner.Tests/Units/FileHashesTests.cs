using Osteon.Abstractions;
using Osteon.Runner;

namespace Osteon.Runner.Tests.Units;

public sealed class FileHashesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("osteon-hashes-").FullName;

    private string Data => Directory.CreateDirectory(Path.Combine(_root, "data")).FullName;

    private string Memory => Path.Combine(_root, "hashes.tsv");

    [Fact]
    public void Changes_with_a_file_s_content()
    {
        File.WriteAllText(Path.Combine(Data, "a"), "1");
        var before = Hash();
        File.WriteAllText(Path.Combine(Data, "a"), "22");
        Assert.NotEqual(before, Hash());
    }

    [Fact]
    public void Changes_with_a_file_s_name()
    {
        File.WriteAllText(Path.Combine(Data, "a"), "1");
        var before = Hash();
        File.Move(Path.Combine(Data, "a"), Path.Combine(Data, "b"));
        Assert.NotEqual(before, Hash());
    }

    [Fact]
    public void Reads_no_file_again_whose_size_and_time_stand()
    {
        var file = Path.Combine(Data, "a");
        File.WriteAllText(file, "1");
        var time = File.GetLastWriteTimeUtc(file);
        var before = Hash();
        File.WriteAllText(file, "2");                               // other content, same size
        File.SetLastWriteTimeUtc(file, time);
        Assert.Equal(before, Hash());
    }

    [Fact]
    public void Passes_over_links_to_nothing_and_in_circles()
    {
        File.WriteAllText(Path.Combine(Data, "a"), "1");
        File.CreateSymbolicLink(Path.Combine(Data, "nowhere"), Path.Combine(_root, "nothing"));
        File.CreateSymbolicLink(Path.Combine(Data, "self"), "self");
        Directory.CreateSymbolicLink(Path.Combine(Data, "up"), Data);
        Directory.CreateSymbolicLink(Path.Combine(Data, "up2"), Data);
        Assert.Equal(64, Hash().Length);
    }

    [Fact]
    public void Changes_with_what_a_link_points_to()
    {
        var link = Path.Combine(Data, "link");
        File.WriteAllText(Path.Combine(Data, "a"), "1");
        File.WriteAllText(Path.Combine(Data, "b"), "2");
        File.CreateSymbolicLink(link, "a");
        var before = Hash();
        File.Delete(link);
        File.CreateSymbolicLink(link, "b");
        Assert.NotEqual(before, Hash());
    }

    [Fact]
    public void Remembers_nothing_of_a_name_that_would_forge_a_line()
    {
        var victim = Path.Combine(Data, "a");
        File.WriteAllText(victim, "1");
        var honest = Hash();
        File.Delete(Memory);
        var info = new FileInfo(victim);
        var forged = Directory.CreateDirectory(Path.Combine(_root, "data2")).FullName;
        File.WriteAllText(Path.Combine(forged, "x\n" + new string('0', 64) + $"\t{info.Length}\t{info.LastWriteTimeUtc.Ticks}\tname"), "1");
        new FileHashes(Memory).OfFolder(forged, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(File.Exists(Memory) ? File.ReadAllLines(Memory) : [], line => line.StartsWith("000000", StringComparison.Ordinal));
        Assert.Equal(honest, Hash());
    }

    [Fact]
    public void Names_a_folder_that_is_not_there() =>
        Assert.Contains("nowhere", Assert.Throws<ConfigurationException>(() => new FileHashes(Memory).OfFolder(Path.Combine(_root, "nowhere"), TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Hash() => new FileHashes(Memory).OfFolder(Data, TestContext.Current.CancellationToken);
}
