using System.ComponentModel;
using System.Diagnostics;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>git in one working tree. Hooks and monitors named in a repository's configuration are not run.</summary>
public sealed class Git(string folder)
{
    /// <summary>What git printed, without the last line's end.</summary>
    /// <exception cref="ConfigurationException">git is not installed, or refused; its own words are in the message.</exception>
    public string Ask(params IEnumerable<string> arguments)
    {
        var (code, output, error) = Run(null, arguments);
        return code == 0 ? output.TrimEnd('\n') : throw new ConfigurationException($"git {string.Join(' ', arguments)}: {error.Trim()}");
    }

    /// <summary>The same, or null where git refuses.</summary>
    public string? TryAsk(params IEnumerable<string> arguments)
    {
        var (code, output, _) = Run(null, arguments);
        return code == 0 ? output.TrimEnd('\n') : null;
    }

    /// <summary>Gives git a text to read.</summary>
    /// <exception cref="ConfigurationException">As for <see cref="Ask"/>.</exception>
    public void Tell(string input, params IEnumerable<string> arguments)
    {
        var (code, _, error) = Run(input, arguments);
        if (code != 0)
        {
            throw new ConfigurationException($"git {string.Join(' ', arguments)}: {error.Trim()}");
        }
    }

    /// <summary>Files that differ from the last commit, and those git neither tracks nor ignores; none in a clean tree.</summary>
    /// <exception cref="ConfigurationException">The folder is in no repository, or the repository has no commit.</exception>
    public IReadOnlyList<string> Changed()
    {
        if (TryAsk("rev-parse", "--verify", "HEAD") is null)
        {
            throw new ConfigurationException($"{folder} is in no git repository, or the repository has no commit yet. A tag pins a commit: 'git init', then commit.");
        }

        return [.. Run(null, ["status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames"]).Output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(line => line[3..])];
    }

    /// <summary>Tags that match a pattern, oldest first.</summary>
    public IReadOnlyList<string> Tags(string pattern = "*") =>
        TryAsk("for-each-ref", "--sort=creatordate", "--format=%(refname:strip=2)", $"refs/tags/{pattern}", $"refs/tags/{pattern}/**")?.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray() ?? [];

    /// <summary>A file as a commit has it; null where it has none.</summary>
    public string? FileAt(string commit, string path) => Run(null, ["show", "--no-textconv", $"{commit}:{path}"]) is { Code: 0 } found ? found.Output : null;

    private (int Code, string Output, string Error) Run(string? input, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("git", ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false", .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["LC_ALL"] = "C.UTF-8";
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            process.WaitForExit();
            return (process.ExitCode, output.Result, error.Result);
        }
        catch (Exception e) when (e is Win32Exception or DirectoryNotFoundException)
        {
            throw new ConfigurationException($"git cannot be started: {e.Message}. Install git.", e);
        }
    }
}
