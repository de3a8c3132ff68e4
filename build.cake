// dotnet cake ARGS: compiles build/, with the rooms and plugins below it, when a source or LIBTORCH has changed; then hands it
// the command line, which may stand behind --. Each state of the sources has a folder of its own, for a running experiment maps the DLLs it was started from.
#nullable enable
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

string HomeOfSources()
{
    using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    var sources = new[] { "build", "src", "plugins" }
        .SelectMany(room => System.IO.Directory.EnumerateFiles(room, "*", SearchOption.AllDirectories))
        .Where(file => !Regex.IsMatch(file, @"/(bin|obj|__pycache__)/|/\.[^/]*$|\.(dll|md)$"))
        .Concat(System.IO.Directory.EnumerateFiles(".").Where(file => Regex.IsMatch(file, @"\.(props|targets)$|/global\.json$")));
    hash.AppendData(Encoding.UTF8.GetBytes($"LIBTORCH={EnvironmentVariable("LIBTORCH")}\n"));
    foreach (var file in sources.Order(StringComparer.Ordinal))
    {
        hash.AppendData(Encoding.UTF8.GetBytes(file + "\n"));
        hash.AppendData(SHA256.HashData(System.IO.File.ReadAllBytes(file)));
    }

    return $"artifacts/cake/{System.Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}";
}

FileStream WaitForOtherBuilds()
{
    EnsureDirectoryExists("artifacts/cake");
    while (true)
    {
        try { return new FileStream("artifacts/cake/build.lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None); }
        catch (IOException) { System.Threading.Thread.Sleep(200); }
    }
}

Process Dotnet(params IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(System.Environment.ProcessPath!, arguments))!;

var home = HomeOfSources();
if (!DirectoryExists(home))
{
    var gate = WaitForOtherBuilds();
    for (; !DirectoryExists(home = HomeOfSources());)
    {
        Console.Error.WriteLine("Compiling, once for each change of the sources…");
        var build = Dotnet("msbuild", "build/Build.csproj", "-restore", "-p:Configuration=Release", "-nologo", "-v:quiet", "-clp:ErrorsOnly;NoSummary");
        build.WaitForExit();
        if (build.ExitCode != 0)
        {
            Console.Error.WriteLine("The sources do not compile; the lines above tell where.");
            System.Environment.Exit(1);
        }

        if (HomeOfSources() == home)  // else a source changed meanwhile: once more
        {
            if (DirectoryExists($"{home}.partial")) { System.IO.Directory.Delete($"{home}.partial", recursive: true); }
            CopyDirectory("artifacts/bin/Build/release", $"{home}.partial");
            System.IO.Directory.Move($"{home}.partial", home);
        }
    }

    gate.Dispose();
}

var program = Dotnet([$"{home}/Osteon.Build.dll", .. System.Environment.GetCommandLineArgs().Skip(1).SkipWhile(argument => argument == "--" || argument.EndsWith(".cake"))]);
Console.CancelKeyPress += (_, pressed) => pressed.Cancel = true;  // the terminal tells the program too: wait for its checkpoint
var forward = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    Process.Start("kill", ["-TERM", program.Id.ToString()]);
});
program.WaitForExit();
System.Environment.Exit(program.ExitCode);
