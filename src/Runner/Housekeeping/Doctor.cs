using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Runner.Configuration;
using Osteon.Tracking;
using static TorchSharp.torch;

namespace Osteon.Runner;

/// <summary>How a part of the installation is.</summary>
public enum Health
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Works, but not well.</summary>
    Poor,

    /// <summary>Experiments will fail.</summary>
    Broken,
}

/// <summary>One part of the installation.</summary>
/// <param name="Part">E.g. libtorch.</param>
/// <param name="Health">How it is.</param>
/// <param name="Found">What was found.</param>
/// <param name="Advice">What to do; empty where nothing is to be done.</param>
public sealed record Diagnosis(string Part, Health Health, string Found, string Advice = "");

/// <summary>Looks at everything an experiment needs from the machine; leaves nothing behind.</summary>
/// <param name="root">The repository's root.</param>
public sealed class Doctor(string root)
{
    private const long Gigabyte = 1L << 30;

    /// <summary>Every part, one after the other; a part that throws is broken and stops no other.</summary>
    public IEnumerable<Diagnosis> Examine()
    {
        (string Part, Func<IEnumerable<Diagnosis>> Look)[] parts =
        [
            (".NET", () => [Runtime()]),
            ("git", () => [GitItself()]),
            ("libtorch", Libtorch),
            ("OpenCV", () => [OpenCv()]),
            ("threads", () => [Threads()]),
            ("disk", () => [Disk()]),
            ("folders", Folders),
            ("tracking", () => [Store()]),
            ("plugins", Plugins),
            ("experiments", Experiments),
        ];
        return parts.SelectMany(part =>
        {
            try
            {
                return part.Look().ToArray();
            }
            catch (Exception e)
            {
                var cause = (e as TypeInitializationException)?.InnerException ?? e;
                return [new Diagnosis(part.Part, Health.Broken, cause.Message, Advice(part.Part))];
            }
        });
    }

    private static string Advice(string part) => part switch
    {
        "libtorch" => "Run ./build.sh, which installs libtorch-dev and compiles the bridge; or set LIBTORCH to an unpacked libtorch.",
        "OpenCV" => "Run ./build.sh, which installs libopencv-dev and compiles the bridge.",
        _ => string.Empty,
    };

    private Diagnosis Runtime()
    {
        var found = $"{Environment.Version} on {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.ProcessArchitecture}";
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["--version"]) { WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (version, error) = (process.StandardOutput.ReadToEnd().Trim(), process.StandardError.ReadToEnd());
        process.WaitForExit();
        return process.ExitCode == 0 ? new(".NET", Health.Good, $"{found}; SDK {version}")
            : new(".NET", Health.Poor, $"{found}; no SDK that global.json asks for: {error.Split('\n')[0].Trim()}", "What is built runs; to build, install the .NET 10 SDK.");
    }

    private Diagnosis GitItself()
    {
        var git = new Git(root);
        var version = git.Ask("--version");
        return git.TryAsk("rev-parse", "--verify", "HEAD") is null
            ? new("git", Health.Poor, $"{version}; {root} is no repository, or has no commit", "Runs cannot name their code and results cannot be tagged: git init, then commit.")
            : git.TryAsk("config", "user.email") is null or ""
                ? new("git", Health.Poor, $"{version}; nobody's name is set", "Tagging needs one: git config user.name NAME; git config user.email ADDRESS.")
                : new("git", Health.Good, version);
    }

    private static IEnumerable<Diagnosis> Libtorch()
    {
        using (var scope = NewDisposeScope())
        {
            var product = ones([64, 64]).matmul(ones([64, 64])).sum().item<float>();
            yield return product == 64 * 64 * 64
                ? new("libtorch", Health.Good, __version__)
                : new("libtorch", Health.Broken, $"{__version__} computes {product} where {64 * 64 * 64} is right", "The bridge and libtorch do not belong together: remove artifacts/ and run ./build.sh.");
        }

        var maps = OperatingSystem.IsLinux() ? File.ReadAllText("/proc/self/maps") : string.Empty;
        var blas = new[] { "libopenblas", "libmkl", "libblis" }.FirstOrDefault(name => maps.Contains(name, StringComparison.Ordinal));
        yield return blas is not null || maps.Length == 0 ? new("BLAS", Health.Good, blas ?? "not known")
            : maps.Contains("libblas.so", StringComparison.Ordinal) ? new("BLAS", Health.Poor, "the reference BLAS, several times slower", "apt-get install libopenblas0-pthread")
            : new("BLAS", Health.Good, "libtorch's own");
        var nvidia = File.Exists("/dev/nvidiactl") || File.Exists("/proc/driver/nvidia/version");
        yield return cuda.is_available() ? new("GPU", Health.Good, $"{cuda.device_count()} by CUDA")
            : nvidia ? new("GPU", Health.Poor, "there is one, but this libtorch does not see it", "Set LIBTORCH to a libtorch with CUDA, as docs/libtorch.md says, and see that the driver fits.")
            : new("GPU", Health.Good, "none; networks compute on the processor");
    }

    private static Diagnosis OpenCv()
    {
        var image = Resize.Area(new Image(new Frame(4, 4), 1, new byte[16]), new Frame(2, 2));
        return new("OpenCV", Health.Good, $"works ({image.Frame} made of 4×4)");
    }

    private static Diagnosis Threads()
    {
        var set = new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS" }.Where(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 }).ToArray();
        var found = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)Gigabyte:F1} GiB of memory");
        return set.Length == 0 ? new("threads", Health.Good, found)
            : new("threads", Health.Poor, $"{found}; {string.Join(", ", set.Select(name => $"{name}={Environment.GetEnvironmentVariable(name)}"))}", $"train.threads decides, and is part of a unit's key: unset {string.Join(' ', set)}.");
    }

    private Diagnosis Disk()
    {
        var free = new DriveInfo(root).AvailableFreeSpace;
        var found = string.Create(CultureInfo.InvariantCulture, $"{free / (double)Gigabyte:F1} GiB free");
        return free < Gigabyte / 2 ? new("disk", Health.Broken, found, "Make room: --target=Gc shows what of the cache can go.")
            : free < 5 * Gigabyte ? new("disk", Health.Poor, found, "--target=Gc shows what of the cache can go.")
            : new("disk", Health.Good, found);
    }

    private IEnumerable<Diagnosis> Folders()
    {
        foreach (var name in new[] { ".osteon", "runs", "experiments" })
        {
            var folder = Path.Combine(root, name);
            var there = Directory.Exists(folder) ? folder : root;
            var probe = Path.Combine(there, $".doctor-{Environment.ProcessId}");
            Diagnosis diagnosis;
            try
            {
                using (FileLock.Take(probe))
                {
                    // Two holders at once: the file system keeps no locks, and two processes would write one unit.
                    var second = Task.Run(() => { using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(30)); try { FileLock.Take(probe, cancellation: cancel.Token).Dispose(); return true; } catch (OperationCanceledException) { return false; } });
                    diagnosis = second.Result
                        ? new(name, Health.Broken, "file locks do not hold here", "Put the folder on a file system that keeps locks (NFS: version 4, or mounted with local locks for one machine).")
                        : new(name, Health.Good, "can be written, and locks hold");
                }
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                diagnosis = new(name, Health.Broken, $"cannot be written: {e.Message}", $"Give yourself the right: chown or chmod {folder}.");
            }
            finally
            {
                if (File.Exists(probe))
                {
                    File.Delete(probe);
                }
            }

            yield return diagnosis;
        }
    }

    private Diagnosis Store()
    {
        var uri = Environment.GetEnvironmentVariable(TrackingLocation.Variable);
        if (uri is not null && (uri.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || uri.StartsWith("https://", StringComparison.OrdinalIgnoreCase)))
        {
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            try
            {
                using var answer = client.Send(new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(uri.TrimEnd('/') + "/"), "health")));
                return answer.IsSuccessStatusCode ? new("tracking", Health.Good, $"{new Uri(uri).Host} answers")
                    : new("tracking", Health.Poor, $"{new Uri(uri).Host} answers {(int)answer.StatusCode}", "Look at MLFLOW_TRACKING_URI and the server; runs are kept here until it takes them.");
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                return new("tracking", Health.Poor, $"{new Uri(uri).Host} does not answer: {e.Message}", "Runs are kept here until it does.");
            }
        }

        var folder = TrackingLocation.Resolve(uri, Path.Combine(root, ".osteon", SessionTracking.Embedded)).Folder!;
        return File.Exists(Path.Combine(folder, TrackingLocation.DatabaseName))
            ? RunSummary.Check(folder) is { } damage ? new("tracking", Health.Poor, damage, $"Move {Path.Combine(folder, TrackingLocation.DatabaseName)} away; a new one is made.") : new("tracking", Health.Good, $"{Path.GetRelativePath(root, folder)} is whole")
            : new("tracking", Health.Good, $"{Path.GetRelativePath(root, folder)}: nothing is tracked yet");
    }

    private IEnumerable<Diagnosis> Plugins()
    {
        var catalog = ExperimentSession.OpenPlugins(root);
        var failed = catalog.All.Where(p => p.Failure is not null).ToArray();
        yield return new("plugins", failed.Length == catalog.All.Count ? Health.Broken : Health.Good, $"{catalog.All.Count - failed.Length} loaded, {catalog.All.Sum(p => p.Claims.Count)} names", failed.Length == catalog.All.Count ? "Run ./build.sh: it builds them." : string.Empty);
        foreach (var plugin in failed)
        {
            yield return new("plugins", Health.Poor, $"{Path.GetFileName(plugin.File)} is not loaded: {plugin.Failure}", "Build it against this version, or remove it.");
        }

        foreach (var conflict in catalog.Conflicts)
        {
            yield return new("plugins", Health.Poor, conflict, "Remove one of the two.");
        }
    }

    private IEnumerable<Diagnosis> Experiments()
    {
        var names = ExperimentFile.Names(root);
        var wrong = new List<Diagnosis>();
        foreach (var name in names)
        {
            try
            {
                ExperimentFile.Load(name, [], root);
            }
            catch (ConfigurationException e)
            {
                // An experiment that waits for its data's place is none the worse.
                wrong.Add(new("experiments", Health.Poor, e.Faults[0], $"--target=Show --experiment={name} tells all {e.Faults.Count}."));
            }
        }

        return [new("experiments", Health.Good, $"{names.Count - wrong.Count} of {names.Count} can be read"), .. wrong];
    }
}
