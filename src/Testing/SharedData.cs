using Xunit;

namespace Osteon.Testing;

/// <summary>Reference data that lies beside a developer's checkout; a clone without it skips the tests that need it, and says so.</summary>
public static class SharedData
{
    /// <summary>A path under ../shared from the repository's root.</summary>
    /// <param name="relative">'/' between folders, e.g. data/isbi-em/golden.json.</param>
    /// <returns>An existing file or folder. Otherwise the test is skipped, with the reason.</returns>
    public static string Path(string relative)
    {
        var found = System.IO.Path.GetFullPath(System.IO.Path.Combine(RepositoryRoot, "..", "shared", relative));
        Assert.SkipUnless(File.Exists(found) || Directory.Exists(found), $"needs ../shared/{relative}, which this checkout does not have beside it");
        return found;
    }

    /// <summary>The folder that holds Runner.sln.</summary>
    public static string RepositoryRoot { get; } = FindRoot(AppContext.BaseDirectory);

    private static string FindRoot(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Runner.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"Runner.sln is in no folder above {from}.");
    }
}
