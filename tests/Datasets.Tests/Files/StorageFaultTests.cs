using Osteon.Abstractions;

namespace Osteon.Datasets.Tests.Files;

/// <summary>What a file system refuses is a sentence for the user; what the program does wrong stays what it is.</summary>
public sealed class StorageFaultTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-storage-").FullName;

    [Fact]
    public void A_full_disk_is_told_with_its_file()
    {
        var e = Assert.Throws<IOException>(() => File.WriteAllText("/dev/full", "x"));
        Assert.Equal("/dev/full: the disk is full. Make room on it, or name another place.", StorageFault.Of(new InvalidOperationException("outer", e))!.Message);
        Assert.Equal("/dev/full: the disk is full. Make room on it, or name another place.", StorageFault.Of(new AggregateException(e, new AggregateException(e)))!.Message);
    }

    [Fact]
    public void A_fault_of_the_program_is_none_of_the_file_system()
    {
        Assert.Null(StorageFault.Of(Assert.Throws<FileNotFoundException>(() => File.ReadAllText(At("none")))));
        Assert.Null(StorageFault.Of(new IOException("its files changed")));
        Assert.Null(StorageFault.Of(new ArgumentOutOfRangeException("value")));
        Assert.Null(StorageFault.Of(new AggregateException(new OutputException("x", new IOException("x", 28)), new InvalidOperationException())));
        Assert.Null(StorageFault.Of(new DataException("scan.png", "cannot be read", new UnauthorizedAccessException())));
    }

    [Theory]
    [InlineData("/proc/osteon/x.txt", "/proc/osteon: nothing can be made there.")]
    [InlineData("/sys/osteon/x.txt", "/sys/osteon: this user may not write it")]
    [InlineData("/dev/null/x.txt", "/dev/null: a file stands where a folder is needed.")]
    [InlineData("/dev/null/a/x.txt", "/dev/null/a: nothing can be made there.")]
    public void A_place_that_takes_no_folder_is_told(string path, string told) =>
        Assert.StartsWith(told, StorageFault.Of(Assert.Throws<OutputException>(() => AtomicFile.WriteAllText(path, "x")))!.Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_in_place_of_a_file_is_told_and_nothing_is_left()
    {
        Directory.CreateDirectory(At("x", "y"));
        var e = Assert.Throws<OutputException>(() => AtomicFile.WriteAllText(At("x"), "x"));
        Assert.StartsWith($"{At("x")}: a folder stands where a file is needed.", e.Message, StringComparison.Ordinal);
        Assert.Equal(["x"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void What_was_there_stays_when_the_new_one_cannot_be_written()
    {
        AtomicFile.WriteAllText(At("x"), "old");
        var e = Assert.Throws<OutputException>(() => AtomicFile.Write(At("x"), stream =>
        {
            stream.Write("half"u8);
            throw new IOException("No space left on device : '/elsewhere'", 28);
        }));
        Assert.StartsWith($"{At("x")}: the disk is full.", e.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(At("x")));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void What_cannot_be_read_meanwhile_is_not_taken_for_what_is_written()
    {
        Assert.Throws<FileNotFoundException>(() => AtomicFile.Copy(At("none"), At("x")));
        Assert.Throws<UnauthorizedAccessException>(() => AtomicFile.Write(At("x"), _ => throw new UnauthorizedAccessException()));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("/proc/osteon", false)]
    [InlineData("/dev/null/osteon", false)]
    [InlineData("a/b/c", true)]
    [InlineData("there.csv", true)]
    [InlineData("there.csv/x", false)]
    [InlineData("full", true)]
    public void An_output_is_asked_for_before_work_is_spent_and_nothing_is_left(string path, bool good)
    {
        File.WriteAllText(At("there.csv"), "");
        Directory.CreateDirectory(At("full"));
        var e = Record.Exception(() => OutputFolder.Demand(Path.Combine(_folder, path)));
        Assert.Equal(good, e is null);
        Assert.True(e is null or OutputException);
        Assert.Equal(["full", "there.csv"], Directory.GetFileSystemEntries(_folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_copy_of_a_folder_replaces_the_old_one_whole_or_not_at_all()
    {
        Write("from/a/x", "new");
        Write("to/y", "old");
        OutputFolder.Copy(At("from"), At("to"));
        Assert.Equal("new", File.ReadAllText(At("to", "a", "x")));
        Assert.False(File.Exists(At("to", "y")));

        Write("to.partial.txt", "in nobody's way");
        Directory.CreateDirectory(At("from", "b"));
        File.CreateSymbolicLink(At("from", "b", "x"), At("none"));
        Assert.ThrowsAny<IOException>(() => OutputFolder.Copy(At("from"), At("to")));
        Assert.Equal("new", File.ReadAllText(At("to", "a", "x")));
        Assert.False(Path.Exists(At("to.partial")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(params ReadOnlySpan<string> parts) => Path.Combine([_folder, .. parts]);

    private void Write(string path, string text) => AtomicFile.WriteAllText(At(path), text);
}
