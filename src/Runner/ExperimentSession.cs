using System.Collections.Concurrent;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;

namespace Osteon.Runner;

/// <summary>A unit's output as later stages see it.</summary>
/// <param name="Hash">SHA-256 over its files; <see cref="Unit.Pending"/> in a dry run that would make it.</param>
/// <param name="Folder">Where the files lie.</param>
/// <param name="Metrics">Headline numbers.</param>
public sealed record UnitResult(string Hash, string Folder, IReadOnlyDictionary<string, double> Metrics);

/// <summary>One command on one experiment: the plan, the plugins, what is known of its units, and whom to tell.</summary>
public sealed class ExperimentSession : IDisposable
{
    private static readonly Lock Checking = new();
    private readonly ConcurrentDictionary<string, UnitResult> _outputs = new(StringComparer.Ordinal);
    private readonly LoadedPlan _loaded;
    private readonly Lazy<ComputeDevice> _device;
    private readonly Lazy<DatasetFormat> _format;
    private readonly Lazy<IReadOnlyList<string>> _sourceClasses;
    private readonly Lazy<IReadOnlyDictionary<string, string>> _found;
    private readonly ConcurrentDictionary<string, Lazy<ExperimentSession>> _others = new(StringComparer.Ordinal);
    private bool _networksChecked;

    private ExperimentSession(SessionOptions options, LoadedPlan loaded, PluginCatalog plugins, IConsoleLog console, TimeProvider clock)
    {
        Options = options;
        _device = new Lazy<ComputeDevice>(() => ComputeDevice.Of(options.Device));
        _format = new Lazy<DatasetFormat>(() => Plugins!.Create<DatasetFormat>(loaded.Plan.Data.Format), LazyThreadSafetyMode.PublicationOnly);
        _found = new Lazy<IReadOnlyDictionary<string, string>>(() => loaded.Plan.Data.Synthesize is null ? _format.Value.FoundIn(SourceRoot) : new Dictionary<string, string>(), LazyThreadSafetyMode.PublicationOnly);
        _sourceClasses = new Lazy<IReadOnlyList<string>>(SourceClasses, LazyThreadSafetyMode.PublicationOnly);
        _loaded = loaded;
        Plugins = plugins;
        PublishedWeights = WeightCatalog.Load(PluginFolders(options.Root));
        WeightStore = WeightStore.Of(options.Root, options.WeightStore);
        Console = console;
        Clock = clock;
        Cache = new UnitCache(StateFolder("cache"));
        Lock = new ExperimentLock(Path.ChangeExtension(Path.Combine(options.Root, loaded.Files[^1]), ".lock.json"), StateFolder("locks", $"{Plan.Name}.lock"), options.Point);
        Hashes = new FileHashes(StateFolder("hashes.tsv"));
        Tracking = new SessionTracking(this);
    }

    /// <summary>The command line.</summary>
    public SessionOptions Options { get; }

    /// <summary>Where networks compute.</summary>
    public ComputeDevice Device => _device.Value;

    /// <summary>The resolved experiment.</summary>
    public Plan Plan => _loaded.Plan;

    /// <summary>The same with all that was written, and where.</summary>
    public LoadedPlan Loaded => _loaded;

    /// <summary>Every plugin found.</summary>
    public PluginCatalog Plugins { get; }

    /// <summary>Published weights that encoders can start from.</summary>
    public WeightCatalog PublishedWeights { get; }

    /// <summary>Those that are on this machine.</summary>
    public WeightStore WeightStore { get; }

    /// <summary>Networks that predict at this moment.</summary>
    public SharedNetworks Networks { get; } = new();

    /// <summary>What people see.</summary>
    public IConsoleLog Console { get; }

    /// <summary>The time.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Finished units.</summary>
    public UnitCache Cache { get; }

    /// <summary>The committed record of units.</summary>
    public ExperimentLock Lock { get; }

    /// <summary>Remembered hashes of input files.</summary>
    public FileHashes Hashes { get; }

    /// <summary>MLflow's side of the session.</summary>
    public SessionTracking Tracking { get; }

    /// <summary>Where people find results: runs/NAME.</summary>
    public string RunFolder => Path.Combine(Options.Root, "runs", Plan.Name);

    /// <summary>The data set's root: as the plan says, or where it is synthesized.</summary>
    public string SourceRoot => Plan.Data.Synthesize is null
        ? Path.GetFullPath(Plan.Data.Source.Root, Options.Root)
        : OutputOf("Synthesize").Folder;

    /// <summary>Whether images are classified, and not their pixels.</summary>
    public bool Classifies => Plan.Task == ExperimentTask.Classification;

    /// <summary>The unit of images' classes, where there is one.</summary>
    public IReadOnlyList<string> Labels => Classifies ? ["Label"] : [];

    /// <summary>What every network tells apart: classes of images, or of pixels. Where only the data says which, 2 until it is read.</summary>
    public int OutputCount => !Classifies ? ClassCount
        : LabelSource.Of(Plan).Named is { Count: > 0 } named ? named.Count
        : Published("Label") is { Folder.Length: > 0 } found ? Datasets.CaseLabels.Load(found.Folder).Classes.Count : 2;

    /// <summary>Channels of what every network is fed: the image's, and masks that lie behind them.</summary>
    public int NetworkChannels => Plan.Train.InChannels + InputPlanes;

    /// <summary>Masks that lie behind an image's channels.</summary>
    public int InputPlanes => Plan.Input is { As: InputForm.Channel } input ? input.Thresholds.Count * (input.Classes.Count > 0 ? input.Classes.Count : Segmentation!.ClassCount) : 0;

    /// <summary>The unit of these masks, where there is one.</summary>
    public IReadOnlyList<string> Inputs => Plan.Input is null ? [] : ["Input"];

    /// <summary>Classes of the masks: the plan's, or those its format or its data set's files bring.</summary>
    public IReadOnlyList<string> MaskClasses => Plan.Data.Classes.Count > 0 ? Plan.Data.Classes : _sourceClasses.Value;

    /// <summary>How many these are.</summary>
    public int ClassCount => MaskClasses.Count;

    /// <summary>Classes in channel order, as far as the experiment alone names them: the plan's, or those of the format's options; may be empty.</summary>
    public IReadOnlyList<string> NamedClasses => Plan.Data.Classes.Count > 0 ? Plan.Data.Classes : _format.Value.Classes;

    /// <summary>The rule by which outlines become pixels (fillpoly, coco, …); null where the format's labels hold none.</summary>
    public string? PolygonRaster => _format.Value.Raster?.Name();

    /// <summary>What the format had to find out about the data set to read its labels; nothing where it is told, or the set is synthesized.</summary>
    public IReadOnlyDictionary<string, string> FoundInData => _found.Value;

    /// <summary>Loads and validates an experiment: file, plugin names and their options, all faults at once.</summary>
    /// <exception cref="ConfigurationException">Something in the experiment is wrong; nothing has been written.</exception>
    public static ExperimentSession Open(SessionOptions options, IConsoleLog console, TimeProvider clock)
    {
        var plugins = OpenPlugins(options.Root);
        return new ExperimentSession(options, Validated(options, plugins), plugins, console, clock);
    }

    private static LoadedPlan Validated(SessionOptions options, PluginCatalog plugins)
    {
        var loaded = ExperimentFile.Load(options.Experiment, options.Set, options.Root);
        loaded = loaded.With(PostProcessing.Spelt(loaded.Plan));
        IReadOnlyList<string> faults = [.. PlanValidator.Validate(loaded, plugins, TrainingOptions.All), .. StartingWeights.Faults(loaded, WeightCatalog.Load(PluginFolders(options.Root)))];
        faults = faults.Count == 0 ? [.. TrainingOptions.Clashes(loaded, plugins), .. InputExperiment.Faults(loaded, plugins, options.Root), .. OtherExperiment.Faults(loaded, options.Root), .. ListedNormalization.Faults(loaded, plugins), .. PostProcessing.Faults(loaded, plugins)] : faults;
        return faults.Count == 0 ? loaded.With(AugmentationDefaults.HandedDown(loaded.Plan, plugins)) : throw new ConfigurationException(faults);
    }

    /// <summary>Finds the plugins built with the program, and those dropped into plugins/.</summary>
    public static PluginCatalog OpenPlugins(string root) => PluginCatalog.Load(PluginFolders(root), Path.Combine(root, ".osteon", "plugins"));

    /// <summary>Where plugins, and tables of published weights, are looked for.</summary>
    public static IReadOnlyList<string> PluginFolders(string root) => [Path.Combine(AppContext.BaseDirectory, "plugins"), Path.Combine(root, "plugins")];

    /// <summary>The plan as YAML, with where each value comes from: plan.yaml.</summary>
    public string PlanWithOrigins() => PlanText.WithOrigins(_loaded, Plugins, TrainingOptions.All);

    /// <summary>Called before anything is spent: asks for the device and builds every network once. Cheap when called again.</summary>
    /// <exception cref="ConfigurationException">The device is absent, or a model does not work; all that do not are named.</exception>
    public void CheckNetworks()
    {
        lock (Checking)                                             // of all points of a sweep: libtorch has one generator
        {
            if (!_networksChecked)
            {
                Device.Require();
                _networksChecked = NetworkCheck.Faults(this, _loaded) is { Count: > 0 } faults ? throw new ConfigurationException(faults) : true;
                foreach (var (name, model) in Plan.Models.Where(model => StartingWeights.Of(this, model.Value).IsOfUnknownNormalization))
                {
                    Console.Info($"models.{name}: encoder_weights is a file, and each image is brought to its own mean and deviation. If the file was trained on photographs, say normalize: {{Published: {{weights: imagenet}}}}; if not, normalize: ZScore.");
                }
            }
        }
    }

    /// <summary>The published sets that models start from.</summary>
    public IReadOnlyList<Models.PublishedWeights> WeightsToStartFrom() =>
        [.. Plan.Models.Values.Select(model => StartingWeights.Of(this, model).Published).OfType<Models.PublishedWeights>().DistinctBy(WeightStore.PathOf)];

    /// <summary>The same experiment at a point of its sweep; its runs are nested in this session's.</summary>
    /// <param name="point">What the point is called.</param>
    /// <param name="set">Its values, "a.b.c=value".</param>
    /// <exception cref="ConfigurationException">A value does not fit; nothing has been written.</exception>
    public ExperimentSession At(string point, IReadOnlyList<string> set)
    {
        var options = Options with { Set = [.. Options.Set, .. set], Point = point };
        var loaded = Validated(options, Plugins);
        return loaded.Plan.Input?.Experiment == Plan.Input?.Experiment && loaded.Plan.Split.Like == Plan.Split.Like
            ? new ExperimentSession(options, loaded, Plugins, Console, Clock) { Outer = this }
            : throw new ConfigurationException("sweep: input.experiment and split.like cannot be swept: another experiment would have to be trained at every point. Write an experiment for each.");
    }

    /// <summary>Another experiment that this one builds on, with the same plugins, console and clock; this session's own.</summary>
    /// <param name="name">As --experiment takes it.</param>
    /// <exception cref="ConfigurationException">Something in it is wrong.</exception>
    public ExperimentSession Other(string name) => Outer is { } outer ? outer.Other(name) : _others.GetOrAdd(name, _ => new(() =>
    {
        var options = OtherExperiment.Options(Options, name);
        return new ExperimentSession(options, Validated(options, Plugins), Plugins, Console, Clock);
    })).Value;

    /// <summary>The segmentation experiment whose predictions networks are shown; null where they are shown images alone.</summary>
    public ExperimentSession? Segmentation => Plan.Input is { } input ? Other(input.Experiment) : null;

    /// <summary>The session that this one is a point of; null outside a sweep.</summary>
    public ExperimentSession? Outer { get; private init; }

    /// <summary>A unit's name, with the point of the sweep where there is one.</summary>
    public string NameOf(Unit unit) => Options.Point is { } point ? ExperimentLock.NameAt(point, unit.Id) : unit.Id;

    /// <summary>A path below .osteon/, the machine's own state.</summary>
    public string StateFolder(params ReadOnlySpan<string> parts) => Path.Combine([Options.Root, ".osteon", .. parts]);

    /// <summary>A path as people read it: relative to the root where it lies below.</summary>
    public string ForPeople(string path) => Path.GetRelativePath(Options.Root, path) is var relative && relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;

    /// <summary>What a unit made, in this command or, by the lock, in an earlier one.</summary>
    /// <exception cref="ConfigurationException">It was never made, or is no longer in the cache.</exception>
    public UnitResult OutputOf(string unitId)
    {
        if (_outputs.TryGetValue(unitId, out var known))
        {
            return known;
        }

        var stage = unitId.Split('[')[0];
        return Lock[unitId] is { } entry && Cache.Find(stage, entry.Key) is { } output
            ? new UnitResult(output.Hash, Cache.Folder(stage, entry.Key), output.Metrics)
            : throw new ConfigurationException($"{unitId} has no result yet. Run --target={stage} first, or leave --exclusive out.");
    }

    /// <summary>The folder of what a unit made; null where nothing is made of it yet.</summary>
    public string? FolderOf(string unitId)
    {
        var stage = unitId.Split('[')[0];
        return _outputs.TryGetValue(unitId, out var known) ? known.Hash == Unit.Pending ? null : known.Folder
            : Lock[unitId] is { } entry && Cache.Find(stage, entry.Key) is not null ? Cache.Folder(stage, entry.Key)
            : null;
    }

    /// <summary>Output hashes of inputs, by unit id.</summary>
    public Dictionary<string, string> HashesOf(params IEnumerable<string> unitIds) =>
        unitIds.ToDictionary(id => id, id => OutputOf(id).Hash, StringComparer.Ordinal);

    /// <summary>Digests of the DLLs behind plugin names, by "kind name".</summary>
    public Dictionary<string, string> Digests(params IEnumerable<(PluginKind Kind, string Name)> plugins) =>
        plugins.Distinct().ToDictionary(p => $"{p.Kind} {p.Name}", p => Plugins.Digest(p.Kind, p.Name), StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Dispose()
    {
        Tracking.Dispose();
        foreach (var other in _others.Values.Where(other => other.IsValueCreated))
        {
            other.Value.Dispose();
        }
    }

    /// <summary>What this command made of a unit, or found up to date; null when it was not asked for.</summary>
    internal UnitResult? Published(string unitId) => _outputs.GetValueOrDefault(unitId);

    // A data set that is still to be made names no classes yet; its format does.
    private IReadOnlyList<string> SourceClasses() => _format.Value.Classes is { Count: > 0 } known ? known : _format.Value.ClassesIn(SourceRoot);

    internal void Publish(string unitId, UnitResult result) => _outputs[unitId] = result;
}
