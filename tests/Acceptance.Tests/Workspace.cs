using System.Diagnostics;
using System.Text;
using Osteon.Testing;

namespace Osteon.Acceptance.Tests;

/// <summary>What a command printed and how it ended.</summary>
public sealed record CommandResult(int ExitCode, string Output);

/// <summary>An empty folder with experiments of its own, in which the program runs as a user would run it.</summary>
public sealed class Workspace : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    public Workspace()
    {
        Directory.CreateDirectory(Path.Combine(Root, "experiments"));
        Directory.CreateDirectory(Path.Combine(Root, "plugins"));
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("osteon-acceptance-").FullName;

    /// <summary>Where the program and the contracts lie, built as these tests are.</summary>
    public static string ProgramFolder { get; } = Path.Combine(SharedData.RepositoryRoot, "artifacts", "bin", "Build",
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));

    public string At(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    /// <summary>Brings the experiments that ship with the program.</summary>
    public void CopyExperiments()
    {
        var from = Path.Combine(SharedData.RepositoryRoot, "experiments");
        foreach (var file in Directory.EnumerateFiles(from, "*.yaml", SearchOption.AllDirectories))
        {
            Write(Path.Combine("experiments", Path.GetRelativePath(from, file)), File.ReadAllText(file));
        }
    }

    /// <summary>Runs to the end.</summary>
    public CommandResult Run(params string[] arguments) => Run(_ => { }, arguments);

    /// <summary>Runs, and lets the caller interfere with the process once it has started.</summary>
    public CommandResult Run(Action<Process> interfere, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(Path.Combine(ProgramFolder, "Osteon.Build.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["NO_COLOR"] = "1";
        start.Environment.Remove("MLFLOW_TRACKING_URI");
        using var process = Process.Start(start)!;
        var output = new StringBuilder();
        process.OutputDataReceived += (_, e) => Append(output, e.Data);
        process.ErrorDataReceived += (_, e) => Append(output, e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        interfere(process);
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{string.Join(' ', arguments)} did not end within {Patience}:\n{output}");
        }

        process.WaitForExit();
        lock (output)
        {
            return new CommandResult(process.ExitCode, output.ToString());
        }
    }

    /// <summary>Runs, and fails the test with the output when the exit code is another.</summary>
    public string Expect(int exitCode, params string[] arguments)
    {
        var (code, output) = Run(arguments);
        Assert.True(code == exitCode, $"{string.Join(' ', arguments)} ended with {code}, not {exitCode}:\n{output}");
        return output;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static void Append(StringBuilder output, string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }
}
