using System.Diagnostics;
using System.Globalization;
using Osteon.Abstractions;
using Osteon.Runner.Plugins;
using Osteon.Tracking;

namespace Osteon.Runner;

/// <summary>What is asked for.</summary>
/// <param name="Root">The repository's root.</param>
/// <param name="Tag">The tag.</param>
/// <param name="FromCache">Whether units that the cache holds count, after every byte of them was read again.</param>
/// <param name="Device">auto, cpu or cuda:N; auto takes the tag's kind.</param>
public sealed record ReproductionOptions(string Root, string Tag, bool FromCache, string Device);

/// <summary>
/// Brings a tagged result back: the tag's own code, built beside the working tree, runs its experiment over its lock, and what comes out is
/// compared with what the tag promises. Nothing of the working tree is read but data, weights and dropped-in plugins, and nothing is changed.
/// </summary>
public sealed class Reproduction(ReproductionOptions options, IConsoleLog console, TimeProvider clock)
{
    private readonly Git _git = new(options.Root);

    /// <summary>Runs to the verdict.</summary>
    /// <returns>The worst verdict; what each unit is was told to the console.</returns>
    /// <exception cref="ConfigurationException">The tag is none, its data are not what they were, or the cache is damaged: each file is named, and nothing ran.</exception>
    public async Task<Likeness> RunAsync(CancellationToken cancellation)
    {
        var record = TagMessage.Read(_git, options.Tag);
        using var tree = TaggedTree.CheckOut(options.Root, options.Tag, cancellation);
        console.Info($"{options.Tag}: commit {tree.Commit[..8]}, experiment {record.Experiment}, in {Path.GetRelativePath(options.Root, tree.Folder)}");
        tree.UseCache(options.FromCache);
        tree.LinkWhatGitLacks(record.Plan);
        VerifyData(record, tree, cancellation);
        if (options.FromCache)
        {
            VerifyCache(record);
        }

        var program = await ProgramOf(tree, cancellation);
        WarnOfPlugins(record, tree, program.Plugins);
        var device = options.Device == "auto" ? record.Platform.Device : options.Device;
        await Run(tree.Folder, [.. program.Command, $"--target={Tagging.Last}", $"--experiment={(record.File == $"experiments/{record.Experiment}.yaml" ? record.Experiment : record.File)}", $"--device={device}"], cancellation);
        var platform = Platform.Current(device.Split(':')[0]);
        var lockPath = Path.Combine(tree.Folder, Path.ChangeExtension(record.File, ".lock.json"));
        var units = Verdicts.Of(record, new ExperimentLock(lockPath, lockPath + ".guard").Entries, platform == record.Platform);
        Tell(record, units, platform);
        Keep(record, tree, units);
        return Verdicts.Worst(units);
    }

    private static string SourceOf(TagRecord record, TaggedTree tree) =>
        Path.GetFullPath((string?)record.Plan["data"]?["source"]?["root"] ?? string.Empty, tree.Folder);

    private void VerifyData(TagRecord record, TaggedTree tree, CancellationToken cancellation)
    {
        if (!record.Data.TryGetValue("data", out var promised))
        {
            return;                                                 // synthesized: made by a plugin, which has a digest
        }

        // Every byte is read: a damaged file may have kept its size and time.
        var memory = Path.Combine(tree.Folder, ".osteon", "verified.tsv");
        File.Delete(memory);
        var files = new FileHashes(memory).FilesOf(SourceOf(record, tree), cancellation);
        if (TreeHash.Of(files) == promised)
        {
            console.Info($"data: {files.Count} files are as tagged ({promised[..8]})");
            return;
        }

        var manifest = _git.FileAt(tree.Commit, DataManifest.PathBeside(Path.ChangeExtension(record.File, ".lock.json"))) is { } text ? DataManifest.Parse(text) : [];
        var root = (string?)record.Plan["data"]?["source"]?["root"];
        throw new ConfigurationException([
            .. manifest.Count == 0 ? Array.Empty<string>() : DataManifest.Differences(manifest, files).Select(line => $"{root}/{line}"),
            $"The data in {root} are not those of {options.Tag}: digest {TreeHash.Of(files)[..8]}, tagged {promised[..8]}. " +
            (manifest.Count == 0 ? "The tag's commit has no list of files, so they cannot be named." : "Restore the files above; nothing was run.")]);
    }

    private void VerifyCache(TagRecord record)
    {
        var cache = new UnitCache(Path.Combine(options.Root, ".osteon", "cache"));
        List<string> damaged = [];
        var held = 0;
        foreach (var (id, unit) in record.Units)
        {
            var stage = id.Split('[')[0];
            if (cache.Find(stage, unit.Key) is { } output)
            {
                held++;
                var folder = cache.Folder(stage, unit.Key);
                damaged.AddRange(output.Damage(folder).Select(line => $"{id}: {Path.GetRelativePath(options.Root, folder)}/{line}"));
            }
        }

        if (damaged.Count > 0)
        {
            throw new ConfigurationException([.. damaged, "The cache holds files that are not what was made; nothing was run. --from-cache=false makes all units anew, in a cache of their own."]);
        }

        console.Info($"cache: {held} of {record.Units.Count} units are there, and every byte of them is as it was made");
    }

    /// <summary>The tag's program, built; where the repository holds experiments alone, the one that runs.</summary>
    private async Task<(string[] Command, string Plugins)> ProgramOf(TaggedTree tree, CancellationToken cancellation)
    {
        var dotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        if (!File.Exists(Path.Combine(tree.Folder, "build.cake")))
        {
            return ([dotnet, Environment.GetCommandLineArgs()[0]], Path.Combine(AppContext.BaseDirectory, "plugins"));
        }

        console.Info("building the tag's program");
        await Run(tree.Folder, [dotnet, "tool", "restore", "--verbosity", "quiet"], cancellation);
        await Run(tree.Folder, [dotnet, "cake", "--target=Plugins", "--verbosity=quiet"], cancellation, quiet: true);
        var built = new DirectoryInfo(Path.Combine(tree.Folder, "artifacts", "cake")).GetDirectories()
            .Where(d => File.Exists(Path.Combine(d.FullName, "Osteon.Build.dll"))).MaxBy(d => d.LastWriteTimeUtc)
            ?? throw new InvalidOperationException("The tag's build left no program.");
        return ([dotnet, "cake"], Path.Combine(built.FullName, "plugins"));
    }

    private void WarnOfPlugins(TagRecord record, TaggedTree tree, string plugins)
    {
        var catalog = PluginCatalog.Load([plugins, Path.Combine(tree.Folder, "plugins")], Path.Combine(tree.Folder, ".osteon", "plugins"));
        var digests = catalog.All.SelectMany(p => p.Claims.Select(c => (Name: $"{c.Kind} {c.Name}", p.Digest, File: Path.GetFileName(p.File)))).ToLookup(p => p.Name, StringComparer.Ordinal);
        var differ = 0;
        foreach (var (name, promised) in record.Plugins.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (!digests[name].Any(p => p.Digest == promised))
            {
                differ++;
                console.Warn(digests[name].FirstOrDefault() is { File: { } file } other
                    ? $"{name}: {file} is {other.Digest[..8]}, tagged {promised[..8]}; units that use it are made anew"
                    : $"{name}: no plugin brings it; a DLL of digest {promised[..8]} did when it was tagged");
            }
        }

        if (differ == 0)
        {
            console.Info($"plugins: {record.Plugins.Count} names have the tagged digests");
        }
    }

    private async Task Run(string folder, string[] command, CancellationToken cancellation, bool quiet = false)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = folder, RedirectStandardOutput = quiet };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} was not started.");
        var output = quiet ? process.StandardOutput.ReadToEndAsync(cancellation) : null;
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
            {
                process.Kill(entireProcessTree: true);
            }

            throw;
        }

        if (process.ExitCode != 0)
        {
            throw new ConfigurationException($"{options.Tag}: '{string.Join(' ', command)}' in {Path.GetRelativePath(options.Root, folder)} ended with exit code {process.ExitCode}; the lines above tell why.{(output is null ? string.Empty : Environment.NewLine + await output)}");
        }
    }

    private void Tell(TagRecord record, IReadOnlyList<UnitLikeness> units, Platform platform)
    {
        var width = units.Max(u => u.Unit.Length);
        foreach (var unit in units)
        {
            console.Result($"{unit.Unit.PadRight(width)}  {Verdicts.Text(unit.Likeness)}{(unit.Detail.Length == 0 ? string.Empty : $"  {unit.Detail}")}");
        }

        foreach (var difference in record.Platform.DifferencesTo(platform))
        {
            console.Result($"platform: {difference}");
        }

        console.Result(Verdicts.Worst(units) switch
        {
            Likeness.BitEqual => $"{options.Tag}: reproduced, {units.Count} of {units.Count} units bit-equal",
            Likeness.WithinTolerance => string.Create(CultureInfo.InvariantCulture, $"{options.Tag}: reproduced on another platform, every score within {record.Tolerance} of the tag's"),
            _ => $"{options.Tag}: NOT reproduced, {units.Count(u => u.Likeness == Likeness.Different)} of {units.Count} units differ",
        });
    }

    private void Keep(TagRecord record, TaggedTree tree, IReadOnlyList<UnitLikeness> units)
    {
        var verdict = Verdicts.Text(Verdicts.Worst(units));
        ResultStore.In(options.Root).Add(new ReproductionRecord(options.Tag, record.Experiment, record.Units[Tagging.Last].Key, record.Config, clock.GetUtcNow(), Environment.MachineName, verdict, options.FromCache));
        var location = TrackingLocation.Resolve(Environment.GetEnvironmentVariable(TrackingLocation.Variable) ?? (string?)record.Plan["tracking"]?["uri"], Path.Combine(options.Root, ".osteon", SessionTracking.Embedded));
        using var store = TrackingStore.Open(location, Path.Combine(options.Root, ".osteon", SessionTracking.Spool), clock, console.Warn);
        using var log = store.StartRun(record.Experiment, $"reproduce {options.Tag}", null, new Dictionary<string, string>
        {
            [RunTags.GitCommit] = tree.Commit,
            [RunTags.Config] = record.Config,
            ["osteon.reproduced.tag"] = options.Tag,
            ["osteon.reproduced.verdict"] = verdict,
            ["osteon.reproduced.from_cache"] = options.FromCache ? "true" : "false",
        });
        foreach (var unit in units)
        {
            log.Tag($"osteon.reproduced.unit.{unit.Unit.Replace('[', ' ').Replace(']', ' ').Replace('=', ' ').Replace(',', ' ').Trim()}", $"{Verdicts.Text(unit.Likeness)} {unit.Detail}".Trim());
        }

        foreach (var likeness in Enum.GetValues<Likeness>())
        {
            log.Metric($"reproduced/{Verdicts.Text(likeness).Replace(' ', '_')}", units.Count(u => u.Likeness == likeness));
        }

        log.End(verdict == Verdicts.Text(Likeness.Different) ? RunStatus.Failed : RunStatus.Finished);
    }
}
