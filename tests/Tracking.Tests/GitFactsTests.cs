using System.Diagnostics;
using System.Security.Cryptography;

namespace Osteon.Tracking.Tests;

public sealed class GitFactsTests : IDisposable
{
    private readonly TrackingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_outside_any_repository_has_no_facts() => Assert.Null(GitFacts.Read(_folder.Path));

    [Fact]
    public void A_folder_that_does_not_exist_has_no_facts() => Assert.Null(GitFacts.Read(Path.Combine(_folder.Path, "absent")));

    [Fact]
    public void A_clean_tree_has_a_commit_and_a_branch()
    {
        var commit = Repository();

        Assert.Equal(new GitFacts(commit, "trunk", false, null), GitFacts.Read(_folder.Path));
    }

    [Fact]
    public void A_changed_tree_is_known_by_the_hash_of_its_diff()
    {
        Repository();
        File.WriteAllText(Path.Combine(_folder.Path, "a.txt"), "two\n");

        var facts = GitFacts.Read(_folder.Path)!;
        Assert.True(facts.IsDirty);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Git("diff", "HEAD", "--binary"))), facts.DiffSha256);
        Assert.Equal("true", facts.ToTags()[RunTags.GitDirty]);
    }

    private string Repository()
    {
        Git("init", "-q", "-b", "trunk");
        File.WriteAllText(Path.Combine(_folder.Path, "a.txt"), "one\n");
        Git("add", ".");
        Git("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "commit", "-q", "-m", "one");
        return System.Text.Encoding.ASCII.GetString(Git("rev-parse", "HEAD")).Trim();
    }

    private byte[] Git(params string[] arguments)
    {
        Process? git = null;
        try
        {
            git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("needs git, which is not installed");
        }

        using (git)
        {
            using var output = new MemoryStream();
            git!.StandardOutput.BaseStream.CopyTo(output);
            git.WaitForExit();
            return output.ToArray();
        }
    }
}
