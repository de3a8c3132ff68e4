using System.Diagnostics;
using Xunit;

namespace Osteon.Testing;

/// <summary>Debian's Python with torch and NumPy, the other side of every format that is exchanged with it.</summary>
public static class PythonPeer
{
    private const string Interpreter = "/usr/bin/python3";
    private static readonly Lazy<bool> s_hasTorch = new(() => File.Exists(Interpreter) && Start(["-c", "import torch, numpy"]).Code == 0);

    /// <summary>Runs a script of the repository; where there is no such Python the test is skipped, with the reason.</summary>
    /// <param name="script">'/' between folders, from the repository's root, e.g. tests/Models.Tests/Golden/make_pth.py.</param>
    /// <param name="arguments">The script's own.</param>
    /// <returns>What it printed; a script that fails fails the test.</returns>
    public static string Run(string script, params string[] arguments)
    {
        SkipUnlessThere();
        var (code, output, error) = Start([Path.Combine(SharedData.RepositoryRoot, script), .. arguments]);
        Assert.True(code == 0, error);
        return output;
    }

    /// <summary>Skips the test where Python or torch is missing.</summary>
    public static void SkipUnlessThere() => Assert.SkipUnless(s_hasTorch.Value, $"needs {Interpreter} with torch and numpy");

    private static (int Code, string Output, string Error) Start(string[] arguments)
    {
        using var python = Process.Start(new ProcessStartInfo(Interpreter, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = python.StandardError.ReadToEndAsync();
        var output = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        return (python.ExitCode, output, error.Result);
    }
}
