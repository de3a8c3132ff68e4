using System.Text;
using System.Text.RegularExpressions;
using Osteon.Abstractions;

namespace Osteon.Runner.Configuration;

/// <summary>
/// Reads experiments/NAME.yaml with the presets it extends and the values set on the command line. Presets are merged in the order
/// they are named: mappings key by key, lists and scalars replace; <c>models.NAME: null</c> takes a preset's model out.
/// </summary>
public sealed partial class ExperimentFile
{
    private const int MaxBytes = 1 << 20;
    private const int MaxFiles = 64;

    private readonly string _root;
    private readonly Faults _faults;
    private readonly EnvironmentValues _environment;
    private readonly List<string> _files = [];
    private bool _complete = true;

    private ExperimentFile(string root, EnvironmentValues environment, Faults faults) => (_root, _environment, _faults) = (root, environment, faults);

    /// <summary>Names of all experiments, in experiments/ and the folders in it other than presets/, sorted.</summary>
    /// <param name="root">The repository's root.</param>
    public static IReadOnlyList<string> Names(string root) =>
        [.. All(root).Select(file => Path.GetFileNameWithoutExtension(file)).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> All(string root)
    {
        var folder = Path.Combine(Path.GetFullPath(root), "experiments");
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.yaml")
                .Concat(Directory.EnumerateDirectories(folder).Where(f => Path.GetFileName(f) != "presets").SelectMany(f => Directory.EnumerateFiles(f, "*.yaml")))
                .Order(StringComparer.Ordinal)
            : [];
    }

    /// <summary>Reads an experiment into a plan that is complete and within its ranges.</summary>
    /// <param name="nameOrPath">A name, for experiments/NAME.yaml or experiments/FOLDER/NAME.yaml, or a path to a .yaml file, relative to <paramref name="root"/>.</param>
    /// <param name="set">What follows each <c>--set</c>: a.b.c=value, the value in YAML; later ones win.</param>
    /// <param name="root">The repository's root.</param>
    /// <param name="environment">Gives a variable's value, or null; the process's own environment unless another is given.</param>
    /// <exception cref="ConfigurationException">All faults at once, a line each: <c>file(line,column): what, what is allowed, what to do</c>.</exception>
    public static LoadedPlan Load(string nameOrPath, IReadOnlyList<string> set, string root, Func<string, string?>? environment = null)
    {
        var path = Locate(nameOrPath, root);
        var faults = new Faults();
        var file = new ExperimentFile(Path.GetFullPath(root), new EnvironmentValues(environment ?? Environment.GetEnvironmentVariable, faults), faults);
        var tree = file.Read(path, []);
        if (!file._complete)
        {
            faults.ThrowIfAny();                                    // what a missing file would have said is not missing twice
        }

        tree = set.Aggregate(tree, new SetOption(faults).Apply);
        if (tree.Entries.FirstOrDefault(e => e.Key == "name") is { } name)
        {
            faults.Add(name.KeyMark, "name", "is given by the file's name. Remove this line, or rename the file.");
            tree = tree.Without("name");
        }

        return Bind(tree, Path.GetFileNameWithoutExtension(path), file._files, faults);
    }

    internal static LoadedPlan Bind(MapNode tree, string? name, IReadOnlyList<string> files, Faults faults)
    {
        var plan = (Plan)new RecordBinder(faults).Record(tree, typeof(Plan), string.Empty);
        var loaded = new LoadedPlan(name is null ? plan : plan with { Name = name }, tree, files);
        PlanRules.Check(loaded, faults);
        ClassificationRules.Check(loaded, faults);
        InputRules.Check(loaded, faults);
        faults.ThrowIfAny();
        return ClassificationRules.Completed(loaded);
    }

    private static string Locate(string nameOrPath, string root)
    {
        var isPath = nameOrPath.EndsWith(".yaml", StringComparison.Ordinal) || nameOrPath.Contains('/', StringComparison.Ordinal);
        string[] named = isPath ? [Path.GetFullPath(nameOrPath, Path.GetFullPath(root))] : [.. All(root).Where(file => Path.GetFileNameWithoutExtension(file) == nameOrPath)];
        if (named.Length > 1)
        {
            throw new ConfigurationException($"--experiment={nameOrPath}: {string.Join(" and ", named.Select(file => Path.GetRelativePath(root, file)))} have one name, which runs and locks go by. Rename one.");
        }

        var path = named is [var only] ? only : Path.Combine(root, "experiments", nameOrPath + ".yaml");
        var names = Names(root);
        if (!File.Exists(path))
        {
            throw new ConfigurationException(isPath
                ? $"--experiment={nameOrPath}: there is no such file. Give a name out of experiments/, or a path from the repository's root."
                : $"--experiment={nameOrPath} is unknown{Nearest.Hint(nameOrPath, names)}. " + (names.Count == 0
                    ? "experiments/ holds no .yaml file yet."
                    : $"experiments/ has: {string.Join(", ", names)}."));
        }

        return NamePattern().IsMatch(Path.GetFileNameWithoutExtension(path)) ? path : throw new ConfigurationException(
            $"--experiment={nameOrPath}: the file's name becomes a folder's; rename it to letters, digits, '.', '_' and '-', at most 64.");
    }

    /// <summary>One file over all it extends.</summary>
    private MapNode Read(string path, IReadOnlyList<string> chain)
    {
        var shown = Path.GetRelativePath(_root, path).Replace('\\', '/');
        var empty = new MapNode(new Mark(shown, 1, 1), []);
        if (YamlReader.ReadFile(Text(path, shown), shown, _faults) is not { } read)
        {
            _complete = false;
            return empty;
        }

        read = _environment.Resolve(read);
        if (read is not MapNode own)
        {
            if (!read.IsNull)
            {
                _complete = false;
                _faults.Add(read.Mark, string.Empty, $"an experiment is a mapping of sections such as data, models and train; here is {read.Found}.");
            }

            own = empty;
        }

        var tree = empty;
        foreach (var (target, mark) in Extended(own, path))
        {
            if (target == path || chain.Contains(target))
            {
                _complete = false;
                _faults.Add(mark, "extends", $"goes in a circle: {string.Join(" -> ", [.. chain.Append(path).SkipWhile(c => c != target), target])}.".Replace(_root + Path.DirectorySeparatorChar, string.Empty, StringComparison.Ordinal));
            }
            else if (_files.Count >= MaxFiles)
            {
                _complete = false;
                _faults.Add(mark, "extends", $"brings more than {MaxFiles} files together.");
                break;
            }
            else
            {
                tree = (MapNode)new TreeMerge(_faults).Merge(tree, Read(target, [.. chain, path]), typeof(Plan));
            }
        }

        _files.Add(shown);
        return (MapNode)new TreeMerge(_faults).Merge(tree, own.Without("extends"), typeof(Plan));
    }

    private IEnumerable<(string Target, Mark Mark)> Extended(MapNode own, string path)
    {
        var extends = own["extends"];
        foreach (var item in extends is ListNode list ? list.Items : extends is null ? [] : [extends])
        {
            if (Fault(item, Path.GetDirectoryName(path)!, out var target) is { } fault)
            {
                _complete = false;
                _faults.Add(item.Mark, "extends", fault);
            }
            else
            {
                yield return (target, item.Mark!);
            }
        }
    }

    private string? Fault(Node item, string beside, out string target)
    {
        target = string.Empty;
        if (item is not ScalarNode { IsNull: false, Text.Length: > 0 } scalar || scalar.Text.Contains('\0', StringComparison.Ordinal))
        {
            return $"is {item.Found}; expected a file or a list of files, as in [presets/models/unet.yaml].";
        }

        target = Path.GetFullPath(scalar.Text, beside);
        return !Inside(target, Path.Combine(_root, "experiments")) && !Inside(target, beside)
                ? $"leaves the experiments folder: '{scalar.Text}'. A preset lies under experiments/ or beside the file."
            : !File.Exists(target)
                ? $"names '{scalar.Text}', but there is no {Path.GetRelativePath(_root, target)}{Nearest.Hint(Path.GetFileName(target), Siblings(target))}. Paths are relative to this file."
            : null;
    }

    private static IEnumerable<string> Siblings(string target) =>
        Path.GetDirectoryName(target) is { } folder && Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.yaml").Select(f => Path.GetFileName(f)) : [];

    private static bool Inside(string path, string folder) => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string Text(string path, string shown)
    {
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > MaxBytes)
            {
                throw new ConfigurationException($"{shown}: is {stream.Length} bytes; an experiment has at most {MaxBytes}. Is this the right file?");
            }

            using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException e)
        {
            throw new ConfigurationException($"{shown}: is not UTF-8 text. Save it as UTF-8.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{shown}: cannot be read: {e.Message}", e);
        }
    }

    [GeneratedRegex(@"^(?!\.)[A-Za-z0-9._-]{1,64}\z")]
    internal static partial Regex NamePattern();
}
