using System.Diagnostics;
using Osteon.Testing;

namespace Osteon.Build.Tests;

/// <summary>build.sh is for any POSIX shell, and hands its arguments on.</summary>
public sealed class BootstrapTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osteon-bootstrap-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("--target=Test")]
    [InlineData("--target=Ensemble|--csv|a.csv|b c.csv|d.csv|--min-votes|2")]
    [InlineData("--csv=a.csv|--set|x=1 2")]
    public void Arguments_go_on_as_they_are(string given)
    {
        // The last part of the script, with a dotnet that tells what it is given.
        var text = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "build.sh"));
        var script = Path.Combine(_folder.FullName, "build.sh");
        File.WriteAllText(script, text.Split('\n')[0] + "\nset -eu\ndotnet() { printf '%s|' \"$@\"; }\n" + text[text.IndexOf("# Behind --", StringComparison.Ordinal)..].Replace("exec dotnet", "dotnet", StringComparison.Ordinal));
        Assert.Equal((0, $"cake|--|{given}|"), Run([script, .. given.Split('|')]));
    }

    [Fact]
    public void Is_written_for_the_shell_it_names()
    {
        var script = Path.Combine(SharedData.RepositoryRoot, "build.sh");
        Assert.StartsWith("#!/bin/sh\n", File.ReadAllText(script), StringComparison.Ordinal);
        Assert.Equal((0, string.Empty), Run(["-n", script]));
    }

    private static (int Code, string Output) Run(IEnumerable<string> arguments)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = shell.StandardOutput.ReadToEnd() + shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        return (shell.ExitCode, output);
    }
}
