namespace Osteon.Build.Tests;

public sealed class ProgramFolderTests : IDisposable
{
    private readonly DirectoryInfo _all = Directory.CreateTempSubdirectory("osteon-cake-");

    public void Dispose() => _all.Delete(recursive: true);

    [Fact]
    public void Keeps_the_three_used_last()
    {
        string[] homes = [Home(1, daysOld: 4), Home(2, daysOld: 3), Home(3, daysOld: 2), Home(4, daysOld: 1), Home(5, daysOld: 9)];
        using var folder = new ProgramFolder(homes[4]);
        Assert.Equal([homes[2], homes[3], homes[4]], homes.Where(Directory.Exists));
    }

    [Fact]
    public void Keeps_one_that_a_program_holds()
    {
        string[] homes = [Home(1, daysOld: 4), Home(2, daysOld: 3), Home(3, daysOld: 2), Home(4, daysOld: 1)];
        using var running = File.Open(Path.Combine(homes[0], "Osteon.Build.dll"), FileMode.Open, FileAccess.Read, FileShare.Read);
        using var folder = new ProgramFolder(homes[3]);
        Assert.True(Directory.Exists(homes[0]));
    }

    [Fact]
    public void Touches_nothing_beside_a_folder_of_another_name()
    {
        string[] homes = [Home(1, 4), Home(2, 3), Home(3, 2), Home(4, 1)];
        var release = Path.Combine(_all.FullName, "release");
        Directory.Move(homes[3], release);
        using var folder = new ProgramFolder(release);
        Assert.All(homes[..3], home => Assert.True(Directory.Exists(home)));
    }

    private string Home(int number, int daysOld)
    {
        var home = _all.CreateSubdirectory($"{number:x16}").FullName;
        File.WriteAllText(Path.Combine(home, "Osteon.Build.dll"), "");
        Directory.SetLastWriteTimeUtc(home, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-daysOld));
        return home;
    }
}
