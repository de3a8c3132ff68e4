using System.Diagnostics;
using System.Text;

namespace Osteon.Build;

/// <summary>A project under tests/, built: an executable of its own.</summary>
/// <param name="Name">The folder's name, e.g. Masks.Tests.</param>
/// <param name="Root">The repository's root.</param>
public sealed record TestProject(string Name, string Root)
{
    // Ends what hangs; whole experiments are trained in some, and machines are slow or shared.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(45);

    /// <summary>All projects whose name holds a text.</summary>
    public static IReadOnlyList<TestProject> Find(string root, string? filter) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.Tests.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => filter is null || name.Contains(filter, StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .Select(name => new TestProject(name, root)),
    ];

    /// <summary>Runs its tests.</summary>
    public async Task<TestResult> RunAsync(CancellationToken cancellation)
    {
        var file = Path.Combine(Root, "artifacts", "tests", $"{Name}.xml");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Delete(file);
        var assembly = Path.Combine(Root, "artifacts", "bin", Name, "release", $"Osteon.{Name}.dll");
        var start = new ProcessStartInfo("dotnet", [assembly, "-noLogo", "-noColor", "-noAutoReporters", "-xml", file])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet was not started.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            return new TestResult(Name, 0, [$"{Name} was stopped after {Patience.TotalMinutes} minutes:{Environment.NewLine}{output}"], []);
        }

        return TestResult.Read(Name, file, process.ExitCode, output.ToString());
    }

    private static void Append(StringBuilder output, string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }
}
