using System.Globalization;
using System.Text.RegularExpressions;
using Cake.Core;
using Osteon.Masks;
using Osteon.Runner.Configuration;

namespace Osteon.Build;

/// <summary>The arguments of this run, read and checked before anything else happens.</summary>
/// <remarks>Anything wrong is a <see cref="CakeException"/> with exit code 2 and a line for each fault.</remarks>
public sealed partial class CommandLine
{
    private readonly ICakeArguments _arguments;
    private readonly List<string> _faults = [];

    /// <summary>Reads and checks.</summary>
    /// <param name="arguments">Cake's.</param>
    /// <param name="tasks">Names of all targets.</param>
    /// <param name="stages">Names of those that are stages, in order.</param>
    public CommandLine(ICakeArguments arguments, IReadOnlyCollection<string> tasks, IReadOnlyList<string> stages)
    {
        _arguments = arguments;
        RefuseUnknown();
        RefuseEmpty();
        Targets = [.. Values("target").DefaultIfEmpty("Default").Select(target => OneOf("target", target, tasks))];
        Experiment = Last("experiment");
        Set = [.. Values("set")];
        From = Last("from") is { } from ? OneOf("from", from, stages) : null;
        Force = Forced(stages);
        KeepGoing = _arguments.HasArgument("keep-going");
        Jobs = Count("jobs", 1);
        Runs = Count("runs", 2);
        Top = Count("top", 1, unless: 20);
        Device = Last("device") is not { } device || DevicePattern().IsMatch(device)
            ? Last("device") ?? "auto"
            : Fault($"--device={device}: expected auto, cpu, cuda or cuda:N.");
        Input = Last("input");
        Output = Last("output");
        Case = Last("case");
        Epoch = Number("epoch");
        Index = Number("index");
        Key = Last("key");
        Filter = Last("filter");
        Encoder = Last("encoder");
        Weights = Last("weights");
        Import = Last("import");
        Model = Last("model");
        Size = Last("size") is { } size ? SizePattern().Match(size) is { Success: true } sides ? Sides(sides) : FaultOfSize(size) : new Frame(224, 224);
        Channels = Last("channels") is null ? null : Count("channels", 1);
        Classes = Last("classes") is null ? null : Count("classes", 1);
        Depth = Last("depth") is null ? 3 : Count("depth", 0);
        Verify = _arguments.HasArgument("verify");
        Unit = Last("unit");
        ParentRun = Last("parent-run");
        if (_faults.Count > 0)
        {
            throw new CakeException(2, string.Join(Environment.NewLine, _faults));
        }
    }

    /// <summary>What to run.</summary>
    public IReadOnlyList<string> Targets { get; }

    /// <summary>Name or path of the experiment, if one was given.</summary>
    public string? Experiment { get; }

    /// <summary>Changes to it, "a.b=value".</summary>
    public IReadOnlyList<string> Set { get; }

    /// <summary>Stages to run even when up to date; may hold "all".</summary>
    public IReadOnlySet<string> Force { get; }

    /// <summary>The first of the stages to run even when up to date.</summary>
    public string? From { get; }

    /// <summary>Go on with a stage's other units when one fails.</summary>
    public bool KeepGoing { get; }

    /// <summary>Units of a stage at a time, from 1.</summary>
    public int Jobs { get; }

    /// <summary>Times Determinism takes a step, from 2.</summary>
    public int Runs { get; }

    /// <summary>auto, cpu or cuda:N.</summary>
    public string Device { get; }

    /// <summary>The folder of files to work on.</summary>
    public string? Input { get; }

    /// <summary>Where a synthetic data set, or other results, are to be copied.</summary>
    public string? Output { get; }

    /// <summary>The case to preview.</summary>
    public string? Case { get; }

    /// <summary>The epoch to preview, from 0.</summary>
    public int? Epoch { get; }

    /// <summary>The sample of the epoch to preview, from 0.</summary>
    public int? Index { get; }

    /// <summary>A file of secret bytes.</summary>
    public string? Key { get; }

    /// <summary>Part of the names of the test projects to run.</summary>
    public string? Filter { get; }

    /// <summary>The encoder that weights are brought for.</summary>
    public string? Encoder { get; }

    /// <summary>The published set of weights.</summary>
    public string? Weights { get; }

    /// <summary>A local file to take weights from.</summary>
    public string? Import { get; }

    /// <summary>A network, as ARCHITECTURE/ENCODER, or a model of the experiment.</summary>
    public string? Model { get; }

    /// <summary>The image that a summary is made for.</summary>
    public Frame Size { get; }

    /// <summary>Its channels.</summary>
    public int? Channels { get; }

    /// <summary>Classes of the network.</summary>
    public int? Classes { get; }

    /// <summary>How deep parts are shown.</summary>
    public int Depth { get; }

    /// <summary>Compare all files of weights with their digests.</summary>
    public bool Verify { get; }

    /// <summary>The MLflow run a child process's unit belongs to.</summary>
    public string? ParentRun { get; }

    /// <summary>The one unit a child process is to run.</summary>
    public string? Unit { get; }

    private void RefuseUnknown()
    {
        var names = Argument.All.Select(argument => argument.Name).ToArray();
        foreach (var name in _arguments.GetArguments().Keys.Where(key => !names.Contains(key, StringComparer.OrdinalIgnoreCase)))
        {
            _faults.Add($"Unknown argument --{name}{(Nearest.To(name, names) is { } near ? $"; did you mean --{near}?" : "; --description lists them.")}");
        }
    }

    private static Frame Sides(Match sides)
    {
        var height = int.Parse(sides.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return new Frame(height, sides.Groups[2].Success ? int.Parse(sides.Groups[2].ValueSpan, CultureInfo.InvariantCulture) : height);
    }

    private Frame FaultOfSize(string size)
    {
        Fault($"--size={size}: expected a side in pixels, as in 512, or height and width, as in 384x512.");
        return new Frame(1, 1);
    }

    private void RefuseEmpty()
    {
        foreach (var argument in Argument.All.Where(argument => argument.Value?.StartsWith('=') == true && _arguments.HasArgument(argument.Name)))
        {
            if ((_arguments.GetArguments(argument.Name) ?? []).Any(string.IsNullOrWhiteSpace))
            {
                Fault($"--{argument.Name} needs a value: {argument.Usage}.");
            }
        }
    }

    private HashSet<string> Forced(IReadOnlyList<string> stages)
    {
        var forced = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (_arguments.HasArgument("force"))
        {
            string[] named = [.. _arguments.GetArguments("force").Where(value => !string.IsNullOrEmpty(value))];
            forced.UnionWith(named.Length == 0 ? Targets.Select(target => target == "Default" ? stages[^1] : target) : named.Select(value => OneOf("force", value, [.. stages, "all"])));
        }

        return forced;
    }

    /// <summary>Rows the leaderboard prints, from 1.</summary>
    public int Top { get; }

    /// <summary>The value of an argument that one target alone understands, the last one given; null when it was not given.</summary>
    /// <param name="name">As <see cref="Argument.All"/> has it, where a line is all that a new argument takes.</param>
    public string? this[string name] => Last(name);

    /// <summary>All values of an argument that may be given several times.</summary>
    public IReadOnlyList<string> All(string name) => [.. Values(name)];

    /// <summary>Whether an argument was given, with a value or without.</summary>
    public bool Has(string name) => _arguments.HasArgument(name);

    private int Count(string name, int least, int? unless = null) => Last(name) is not { } text ? unless ?? least
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least && count <= 1024 ? count
        : Fault($"--{name}={text}: expected a whole number from {least} to 1024.").Length;

    private int? Number(string name) => Last(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : Fault($"--{name}={text}: expected a whole number from 0.").Length;

    private string OneOf(string argument, string value, IReadOnlyCollection<string> names) =>
        names.FirstOrDefault(name => string.Equals(name, value, StringComparison.OrdinalIgnoreCase))
        ?? Fault($"--{argument}={value} is unknown; {(Nearest.To(value, names) is { } near ? $"did you mean {near}?" : $"there are {string.Join(", ", names)}.")}");

    private string? Last(string name) => Values(name).LastOrDefault();

    private IEnumerable<string> Values(string name) => (_arguments.GetArguments(name) ?? []).Where(value => !string.IsNullOrWhiteSpace(value));

    private string Fault(string message)
    {
        if (!_faults.Contains(message))
        {
            _faults.Add(message);
        }

        return string.Empty;
    }

    [GeneratedRegex(@"^(auto|cpu|cuda(:\d{1,3})?)\z")]
    private static partial Regex DevicePattern();

    [GeneratedRegex(@"^([1-9]\d{0,4})(?:x([1-9]\d{0,4}))?\z")]
    private static partial Regex SizePattern();
}
