using System.Reflection;
using Osteon.Abstractions;

namespace Osteon.Runner.Plugins;

/// <summary>A plugin DLL: examined as data when found, loaded when first used.</summary>
internal sealed class PluginAssembly
{
    private readonly Lazy<Assembly>? _code;

    private PluginAssembly(PluginInfo info, PluginContext? context) =>
        (Info, _code) = (info, context is null ? null : new Lazy<Assembly>(() => context.Main));

    public PluginInfo Info { get; }

    /// <summary>The DLL's name, for messages.</summary>
    public string Name => Path.GetFileName(Info.File);

    /// <summary>All plugins of a folder: NAME/NAME.dll with what lies beside it, and NAME.dll dropped in.</summary>
    public static IEnumerable<PluginAssembly> In(string folder, string shadows)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var own in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            var main = Path.GetFileName(own) + ".dll";
            if (File.Exists(Path.Combine(own, main)))
            {
                yield return Examine(own, Directory.EnumerateFiles(own, "*", SearchOption.AllDirectories), main, shadows);
            }
            else if (Directory.EnumerateFiles(own, "*.dll").FirstOrDefault() is { } other)
            {
                yield return Failed(other, $"its folder has no {main}; rename the folder to the plugin's DLL");
            }
        }

        foreach (var file in Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal))
        {
            string[] files = [file, Path.ChangeExtension(file, ".deps.json")];
            yield return Examine(folder, files.Where(File.Exists), Path.GetFileName(file), shadows);
        }
    }

    /// <summary>The class behind a claim.</summary>
    /// <exception cref="ConfigurationException">The DLL does not fit this runner.</exception>
    public Type Load(PluginClaim claim) => Fitting(claim, () =>
    {
        var type = _code!.Value.GetType(claim.Type, throwOnError: true)!;
        return type.IsAssignableTo(claim.Kind.Contract)
            ? type
            : throw new ConfigurationException($"{claim.Kind} '{claim.Name}': {claim.Type} in {Name} is no {claim.Kind.Contract.Name}. Derive it from Osteon.Abstractions.{claim.Kind.Contract.Name}.");
    });

    /// <summary>Runs code of the plugin; what tells of another contract than ours is said in words the user can act on.</summary>
    public T Fitting<T>(PluginClaim claim, Func<T> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is TypeLoadException or MissingMemberException or FileLoadException or BadImageFormatException
            || (e is FileNotFoundException { FileName: { } assembly } && assembly.Contains("Version=", StringComparison.Ordinal)))
        {
            throw new ConfigurationException($"{claim.Kind} '{claim.Name}': {Name} does not fit this runner: {e.Message} Build the plugin again, with all it needs.", e);
        }
    }

    private static PluginAssembly Examine(string folder, IEnumerable<string> files, string main, string shadows)
    {
        var file = Path.Combine(folder, main);
        try
        {
            // Debug symbols, documentation and tables of weights change nothing that runs; neither do copies of the host's own assemblies.
            var parts = files.Select(f => Path.GetRelativePath(folder, f))
                .Where(f => Path.GetExtension(f) is not ".pdb" and not ".xml" && !f.EndsWith(WeightCatalog.Ending, StringComparison.Ordinal) && (f == main || !Path.GetFileName(f).StartsWith("Osteon.", StringComparison.Ordinal)));
            var copy = ShadowCopy.Make(folder, [.. parts], main, shadows);
            var data = PluginMetadata.Read(copy.Main);
            var context = new PluginContext(copy.Main);
            var failure = data.Claims.Count == 0
                ? "no class in it carries a plugin's name, such as [Encoder(\"…\")]; if it belongs to another plugin, put both into that plugin's folder"
                : data.Fault ?? context.Missing(data);
            return new PluginAssembly(new PluginInfo(file, copy.Digest, data.Version.ToString(3), data.Claims, failure), failure is null ? context : null);
        }
        catch (BadImageFormatException e)
        {
            return Failed(file, $"{e.Message}; build or copy it again");
        }
        catch (Exception e) when (e is (IOException and not OutputException) or UnauthorizedAccessException or InvalidOperationException)
        {
            return Failed(file, $"cannot be read: {e.Message}");
        }
    }

    private static PluginAssembly Failed(string file, string why) => new(new PluginInfo(file, string.Empty, string.Empty, [], why), null);
}
