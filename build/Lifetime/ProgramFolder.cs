using System.Text.RegularExpressions;

namespace Osteon.Build;

/// <summary>
/// The folder this program was started from. build.cake makes one for each state of the sources, so old ones pile up; a program
/// holds its own, and removes those that nobody holds.
/// </summary>
public sealed partial class ProgramFolder : IDisposable
{
    private const string Program = "Osteon.Build.dll";
    private const int Kept = 3;

    private readonly FileStream _held;

    /// <summary>Holds the folder until disposed.</summary>
    /// <param name="folder">Holds Osteon.Build.dll.</param>
    public ProgramFolder(string folder)
    {
        var home = new DirectoryInfo(folder);
        _held = File.Open(Path.Combine(home.FullName, Program), FileMode.Open, FileAccess.Read, FileShare.Read);
        if (NamePattern().IsMatch(home.Name) && home.Parent is { } all)
        {
            Directory.SetLastWriteTimeUtc(home.FullName, TimeProvider.System.GetUtcNow().UtcDateTime);
            RemoveOld(all);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _held.Dispose();

    private static void RemoveOld(DirectoryInfo all)
    {
        var old = all.EnumerateDirectories().Where(home => NamePattern().IsMatch(home.Name)).OrderByDescending(home => home.LastWriteTimeUtc).Skip(Kept);
        foreach (var home in old)
        {
            try
            {
                using var alone = File.Open(Path.Combine(home.FullName, Program), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                home.Delete(recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // In use, or being removed by another process: the next start tries again.
            }
        }
    }

    [GeneratedRegex("^[0-9a-f]{16}$")]
    private static partial Regex NamePattern();
}
