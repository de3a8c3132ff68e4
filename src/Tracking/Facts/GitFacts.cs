using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Osteon.Tracking;

/// <summary>What git knows of a folder: enough to bring the code of a run back, or to see that it cannot be brought back.</summary>
/// <param name="Commit">The commit checked out, 40 (or 64) hex digits.</param>
/// <param name="Branch">Its branch; null when no branch is checked out.</param>
/// <param name="IsDirty">Tracked files differ from the commit, or there are files git neither tracks nor ignores.</param>
/// <param name="DiffSha256">SHA-256, lower-case hex, of <c>git diff HEAD --binary</c>; null when the tree is clean.</param>
public sealed record GitFacts(string Commit, string? Branch, bool IsDirty, string? DiffSha256)
{
    /// <summary>The address of the remote called origin, without name and password; null when there is none.</summary>
    public string? Url { get; init; }

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Asks git. Never throws and never waits longer than 10 s a question.</summary>
    /// <param name="folder">Any folder of a working tree.</param>
    /// <returns>Null where git is not installed, the folder is in no repository or it has no commit.</returns>
    public static GitFacts? Read(string folder)
    {
        if (Text(folder, "rev-parse", "--verify", "HEAD") is not { Length: > 0 } commit)
        {
            return null;
        }

        var branch = Text(folder, "symbolic-ref", "--quiet", "--short", "HEAD");
        var dirty = Text(folder, "status", "--porcelain") is not "";
        var diff = dirty ? Ask(folder, Hash, "diff", "HEAD", "--binary", "--no-ext-diff", "--no-textconv", "--no-color") : null;
        return new GitFacts(commit, string.IsNullOrEmpty(branch) ? null : branch, dirty, diff)
        {
            Url = Text(folder, "config", "--get", "remote.origin.url") is { Length: > 0 } url ? WithoutPassword(url) : null,
        };
    }

    /// <summary>The facts as <see cref="RunTags"/>.</summary>
    public IReadOnlyDictionary<string, string> ToTags()
    {
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [RunTags.GitCommit] = Commit,
            [RunTags.GitDirty] = IsDirty ? "true" : "false",
        };
        if (Branch is not null)
        {
            tags[RunTags.GitBranch] = Branch;
        }

        if (Url is not null)
        {
            tags[RunTags.GitUrl] = Url;
        }

        if (DiffSha256 is not null)
        {
            tags[RunTags.GitDiff] = DiffSha256;
        }

        return tags;
    }

    private static string WithoutPassword(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.UserInfo.Length > 0
            ? parsed.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped)
            : url;

    private static string? Text(string folder, params string[] arguments) => Ask(folder, async output =>
    {
        using var reader = new StreamReader(output);
        return (await reader.ReadToEndAsync().ConfigureAwait(false)).Trim();
    }, arguments);

    private static async Task<string> Hash(Stream output) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(output).ConfigureAwait(false));

    /// <returns>Null when git is absent, fails or takes too long.</returns>
    private static string? Ask(string folder, Func<Stream, Task<string>> read, params string[] arguments)
    {
        // A monitor named in the repository's configuration would be a program of somebody else's.
        var start = new ProcessStartInfo("git", ["-c", "core.fsmonitor=false", .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["LC_ALL"] = "C";
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync();
            var answer = read(process.StandardOutput.BaseStream);
            if (answer.Wait(Limit) && process.WaitForExit(Limit))
            {
                _ = errors;
                return process.ExitCode == 0 ? answer.Result : null;
            }

            process.Kill(entireProcessTree: true);
            return null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException or AggregateException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
