using System.Diagnostics;
using Osteon.Testing;

namespace Osteon.Acceptance.Tests;

/// <summary>build.cake before a program of two lines: it compiles when a source changed, and hands over.</summary>
public sealed class LaunchTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("osteon launch ");

    public LaunchTests()
    {
        foreach (var file in new[] { "build.cake", "cake.config", "global.json", ".config/dotnet-tools.json" })
        {
            Write(file, File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, file)));
        }

        _root.CreateSubdirectory("src");
        _root.CreateSubdirectory("plugins");
        Write("Directory.Build.props", """
            <Project><PropertyGroup><TargetFramework>net10.0</TargetFramework><UseArtifactsOutput>true</UseArtifactsOutput><ArtifactsPath>$(MSBuildThisFileDirectory)artifacts</ArtifactsPath></PropertyGroup></Project>
            """);
        Write("build/Build.csproj", """
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><AssemblyName>Osteon.Build</AssemblyName></PropertyGroup></Project>
            """);
    }

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void Hands_over_the_command_line_as_it_is_and_returns_the_exit_code()
    {
        Program("""System.Console.WriteLine(string.Join("|", args)); return 7;""");
        string[] given = ["--target=Train", "--set", "a.b=[1, 2]", "--tree", "--dryrun", "--filter=a b"];
        var first = Cake(given);
        Assert.Equal(7, first.ExitCode);
        Assert.Contains(string.Join('|', given), first.Output, StringComparison.Ordinal);
        Assert.Contains("Compiling", first.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Compiling", Cake(given).Output, StringComparison.Ordinal);

        // Of words that stand alone Cake would take one for the name of a script.
        string[] files = ["--target=Ensemble", "--csv", "a.csv", "b.csv", "c.csv", "--min-votes", "2"];
        Assert.Contains($"{string.Join('|', files)}\n", Cake(["--", .. files]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Compiles_again_when_a_source_changed_and_keeps_what_may_still_run()
    {
        Program("return 3;");
        Assert.Equal(3, Cake().ExitCode);
        Program("return 4;");
        Assert.Equal(4, Cake().ExitCode);
        Program("return 3;");
        Assert.DoesNotContain("Compiling", Cake().Output, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(_root.FullName, "Osteon.Build.dll", SearchOption.AllDirectories).Count(file => file.Contains("/cake/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Prints_the_compiler_s_lines_and_ends_with_1_when_a_source_is_wrong()
    {
        Program("return nothing;");
        var result = Cake();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Program.cs(1,8): error CS0103", result.Output, StringComparison.Ordinal);
    }

    private void Program(string text) => Write("build/Program.cs", text);

    private void Write(string path, string text)
    {
        var file = Path.Combine(_root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private CommandResult Cake(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["cake", .. arguments]) { WorkingDirectory = _root.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NO_COLOR"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandResult(process.ExitCode, output + error.Result);
    }
}
