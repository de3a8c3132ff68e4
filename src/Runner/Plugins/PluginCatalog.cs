using System.Reflection;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Runner.Configuration;

namespace Osteon.Runner.Plugins;

/// <summary>
/// Every plugin that was found, by kind and name. A DLL that cannot be used stops only experiments that ask for one of its names. Safe
/// for several threads.
/// </summary>
public sealed class PluginCatalog
{
    private readonly List<PluginAssembly> _plugins;

    private PluginCatalog(List<PluginAssembly> plugins) => _plugins = plugins;

    /// <summary>Finds plugins: <c>FOLDER/NAME/NAME.dll</c> with what lies beside it, and <c>FOLDER/NAME.dll</c> dropped in. Runs none of their code.</summary>
    /// <param name="folders">Those that do not exist are passed over.</param>
    /// <param name="shadowFolder">Where plugins are copied to, as NAME/DIGEST16/, and loaded from.</param>
    public static PluginCatalog Load(IReadOnlyList<string> folders, string shadowFolder) =>
        new([.. folders.Select(Path.GetFullPath).Distinct().SelectMany(f => PluginAssembly.In(f, shadowFolder))]);

    /// <summary>All DLLs that were found, those that cannot be used among them.</summary>
    public IReadOnlyList<PluginInfo> All => [.. _plugins.Select(p => p.Info)];

    /// <summary>Names that two classes claim, a line each; they cannot be used until one claim is gone.</summary>
    public IReadOnlyList<string> Conflicts =>
    [
        .. _plugins.SelectMany(p => p.Info.Claims.Select(c => (c.Kind, c.Name))).Distinct()
            .Select(n => (n, Claimants: Claimants(n.Kind, n.Name))).Where(n => n.Claimants.Count > 1)
            .Select(n => $"{n.n.Kind} '{n.n.Name}' {Twice(n.Claimants)}"),
    ];

    /// <summary>The names that can be used, sorted.</summary>
    public IReadOnlyList<string> Names(PluginKind kind) =>
    [
        .. _plugins.Where(p => p.Info.Failure is null).SelectMany(p => p.Info.Claims).Where(c => c.Kind == kind)
            .Select(c => c.Name).Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>A new instance with the experiment's options.</summary>
    /// <typeparam name="T">A contract: <see cref="Encoder"/>, <see cref="Loss"/>, ….</typeparam>
    /// <param name="choice">The name and the options. A loss's weight is the caller's and does not reach the plugin.</param>
    /// <param name="extra">
    /// Options given by the caller and not by the user, in snake_case; those that the plugin's record does not have are left out. For an
    /// encoder: <see cref="PlanSlices.Json"/> of the <see cref="EncoderOptions"/> that the architecture asks for, input channels filled in.
    /// </param>
    /// <exception cref="ConfigurationException">The name is unknown or claimed twice, its DLL cannot be used, or the options are refused.</exception>
    public T Create<T>(Choice choice, JsonObject? extra = null)
    {
        var kind = PluginKind.Of<T>();
        var faults = new Faults();
        var options = BindOptions(kind, choice.Name, Node.From(choice.Options), $"{kind} {choice.Name}", faults, extra);
        faults.ThrowIfAny();
        return (T)Create(kind, choice.Name, options);
    }

    /// <summary>A new instance with an options record that the caller made.</summary>
    /// <param name="name">The plugin's name.</param>
    /// <param name="options">Of the type that <see cref="OptionsTypeOf{T}"/> tells, or derived from it.</param>
    /// <exception cref="ConfigurationException">The name is unknown or claimed twice, its DLL cannot be used, or the options are refused.</exception>
    public T Create<T>(string name, object options) => (T)Create(PluginKind.Of<T>(), name, options);

    /// <summary>The options record of a plugin; null when it takes none.</summary>
    /// <exception cref="ConfigurationException">The name cannot be used.</exception>
    public Type? OptionsTypeOf<T>(string name) => OptionsTypeOf(PluginKind.Of<T>(), name);

    /// <summary>Options of a plugin that name files, by their keys; see <see cref="InputFileAttribute"/>.</summary>
    /// <exception cref="ConfigurationException">The name cannot be used.</exception>
    public IReadOnlyList<string> FileOptions<T>(string name) => OptionsTypeOf<T>(name) is { } type
        ? [.. Configuration.Names.Properties(type).Where(p => p.Value.IsDefined(typeof(InputFileAttribute))).Select(p => p.Key)]
        : [];

    /// <summary>The plugin that a choice names, and those that stand in its options.</summary>
    /// <exception cref="ConfigurationException">A name cannot be used.</exception>
    public IEnumerable<(PluginKind Kind, string Name)> Named<T>(Choice choice)
    {
        yield return (PluginKind.Of<T>(), choice.Name);
        var inner = OptionsTypeOf<T>(choice.Name) is { } type
            ? Configuration.Names.Properties(type).Where(p => p.Value.PropertyType.IsAssignableTo(typeof(IEnumerable<Augmentation>)))
            : [];
        foreach (var (key, _) in inner)
        {
            foreach (var node in choice.Options[key] as JsonArray ?? [])
            {
                if (new RecordBinder(new Faults()).TryChoice(Node.From(node!), key, out var held))
                {
                    foreach (var name in Named<Augmentation>(held!))
                    {
                        yield return name;
                    }
                }
            }
        }
    }

    /// <summary>SHA-256 of the plugin's files, 64 hex digits: part of the key of every unit that uses it.</summary>
    /// <exception cref="ConfigurationException">The name cannot be used.</exception>
    public string Digest(PluginKind kind, string name) => Find(kind, name).Plugin.Info.Digest;

    /// <summary>Why a name cannot be used, to be put behind it in a message; null when it can.</summary>
    internal string? WhyNot(PluginKind kind, string name)
    {
        var claimants = Claimants(kind, name);
        if (claimants.Count > 1)
        {
            return Twice(claimants);
        }

        if (claimants is [var (plugin, _)])
        {
            return plugin.Info.Failure is { } failure ? $"is in {plugin.Name}, which is not loaded: {failure}." : null;
        }

        var names = Names(kind);
        var failed = _plugins.Where(p => p.Info.Failure is not null).Select(p => $"{p.Name} ({p.Info.Failure})").ToArray();
        var known = names.Count switch
        {
            0 => $" No plugin brings any {kind}.",
            <= 12 => $" Known: {string.Join(", ", names)}.",
            _ => $" {names.Count} are known; dotnet cake --target=Plugins lists them.",
        };
        return $"is unknown{Nearest.Hint(name, names)}.{known}" + (failed.Length == 0 ? string.Empty : $" Not loaded: {string.Join("; ", failed)}.");
    }

    internal Type? OptionsTypeOf(PluginKind kind, string name) => Constructor(kind, name).GetParameters() is [var options] ? options.ParameterType : null;

    /// <summary>The plugin's options record, bound; null when it takes none.</summary>
    internal object? BindOptions(PluginKind kind, string name, Node options, string path, Faults faults, JsonObject? extra = null)
    {
        var type = OptionsTypeOf(kind, name);
        if (options is MapNode written && kind.Contract == typeof(Loss))
        {
            options = written.Without("weight");
        }

        if (type is null)
        {
            foreach (var (key, mark, _) in (options as MapNode)?.Entries ?? [])
            {
                faults.Add(mark, $"{path}.{key}", $"is unknown: {name} takes no options. Remove it.");
            }

            return null;
        }

        // A key that the plugin's own record introduces is the user's; those of the host's records are given.
        var properties = Configuration.Names.Properties(type);
        var record = new RecordBinder(faults, this).Record(options, type, path, kind.Given);
        foreach (var (key, value) in (extra ?? []).Append(KeyValuePair.Create("name", (JsonNode?)name)))
        {
            if (properties.TryGetValue(key, out var property))
            {
                new RecordBinder(faults).Set(record, property, Node.From(value), $"{path}.{key}");
            }
        }

        return record;
    }

    internal object Create(PluginKind kind, string name, object? options)
    {
        var (plugin, claim) = Find(kind, name);
        var constructor = Constructor(kind, name);
        if (constructor.GetParameters() is [var wanted] && !wanted.ParameterType.IsInstanceOfType(options))
        {
            throw new ArgumentException($"{kind} '{name}' takes {wanted.ParameterType.Name}, not {options?.GetType().Name ?? "nothing"}.", nameof(options));
        }

        return plugin.Fitting(claim, () => constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, constructor.GetParameters().Length == 0 ? [] : [options], null));
    }

    private ConstructorInfo Constructor(PluginKind kind, string name)
    {
        var (plugin, claim) = Find(kind, name);
        var type = plugin.Load(claim);
        return plugin.Fitting(claim, () => type.GetConstructors() is [var only] && only.GetParameters() switch
        {
            [] => true,
            [var options] => options.ParameterType is { IsClass: true, IsAbstract: false } record && record != typeof(string) && record.GetConstructor([]) is not null,
            _ => false,
        }
            ? only
            : throw new ConfigurationException($"{kind} '{name}': {claim.Type} in {plugin.Name} needs one public constructor that takes nothing, or one options record with a parameterless constructor."));
    }

    private (PluginAssembly Plugin, PluginClaim Claim) Find(PluginKind kind, string name) => WhyNot(kind, name) is { } reason
        ? throw new ConfigurationException($"{kind} '{name}' {reason}")
        : Claimants(kind, name)[0];

    private List<(PluginAssembly Plugin, PluginClaim Claim)> Claimants(PluginKind kind, string name) =>
        [.. _plugins.SelectMany(p => p.Info.Claims.Where(c => c.Kind == kind && c.Name == name).Select(c => (p, c)))];

    private static string Twice(List<(PluginAssembly Plugin, PluginClaim Claim)> claimants) =>
        $"is claimed twice, by {string.Join(" and ", claimants.Select(c => $"{c.Claim.Type} in {c.Plugin.Info.File}"))}. Remove or rename one.";
}
