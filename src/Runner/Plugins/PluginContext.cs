using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Osteon.Abstractions;

namespace Osteon.Runner.Plugins;

/// <summary>
/// One plugin's assemblies: its own copies of everything but the contracts and toolkits, which are the host's, whatever lies beside the
/// plugin; else its classes would fail <c>is Encoder</c>. Never unloaded: native code and statics of a plugin live as long as the process.
/// </summary>
internal sealed class PluginContext : AssemblyLoadContext
{
    private static readonly string Tensors = typeof(TorchSharp.torch.Tensor).Assembly.GetName().Name!;     // Osteon.Torch, or TorchSharp's package

    /// <summary>What plugins share with the host, and all of Osteon that they may reference.</summary>
    private static readonly string[] Shared = ["Osteon.Abstractions", "Osteon.Torch", "Osteon.Masks", "Osteon.Imaging", "Osteon.Volumes", "Osteon.Annotations", "Osteon.Models", Tensors];

    private static readonly AssemblyLoadContext Host = GetLoadContext(typeof(PluginAttribute).Assembly)!;

    private static readonly HashSet<string> Framework =
    [
        .. (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? string.Empty).Split(Path.PathSeparator)
            .Where(p => Path.GetDirectoryName(p) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Select(p => Path.GetFileNameWithoutExtension(p)),
    ];

    private readonly string _main;
    private readonly AssemblyDependencyResolver _resolver;

    public PluginContext(string main)
        : base(Path.GetFileNameWithoutExtension(main)) => (_main, _resolver) = (main, new AssemblyDependencyResolver(main));

    /// <summary>The plugin's own assembly; its code is on the way from here on.</summary>
    public Assembly Main => LoadFromAssemblyPath(_main);

    /// <summary>Follows all references as data: a missing file is told now, not an hour into training.</summary>
    /// <returns>What is missing and what to do, or null when all is there.</returns>
    public string? Missing(PluginMetadata plugin)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Queue<(string File, PluginMetadata Data)>([(Path.GetFileName(_main), plugin)]);
        while (open.TryDequeue(out var next))
        {
            foreach (var wanted in next.Data.References.Where(r => !Framework.Contains(r.Name!) && seen.Add(r.Name!)))
            {
                if (IsOurs(wanted))
                {
                    if (Mismatch(wanted) is { } reason)
                    {
                        return reason;
                    }
                }
                else if (_resolver.ResolveAssemblyToPath(wanted) is not { } path)
                {
                    return $"{next.File} needs {wanted.Name} {wanted.Version}, which is not in its folder; publish the plugin with its dependencies (EnableDynamicLoading) into a folder of its name";
                }
                else
                {
                    try
                    {
                        open.Enqueue((Path.GetFileName(path), PluginMetadata.Read(path)));
                    }
                    catch (BadImageFormatException e)
                    {
                        return $"{Path.GetFileName(path)} {e.Message}; publish the plugin again";
                    }
                }
            }
        }

        return null;
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName wanted) =>
        IsOurs(wanted) ? Host.LoadFromAssemblyName(new AssemblyName(wanted.Name!))
        : _resolver.ResolveAssemblyToPath(wanted) is { } path ? LoadFromAssemblyPath(path)
        : null;                                                     // the framework's

    /// <summary>NuGet's native assets by deps.json; a library that the plugin ships itself by runtimes/RID/native or beside the DLL.</summary>
    protected override nint LoadUnmanagedDll(string wanted)
    {
        if (_resolver.ResolveUnmanagedDllToPath(wanted) is { } path)
        {
            return LoadUnmanagedDllFromPath(path);
        }

        var folder = Path.GetDirectoryName(_main)!;
        string[] folders = [Path.Combine(folder, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"), folder];
        string[] names = [wanted, $"{wanted}.so", $"lib{wanted}.so", $"{wanted}.dll", $"lib{wanted}.dylib"];
        var found = folders.SelectMany(f => names.Select(n => Path.Combine(f, n))).FirstOrDefault(File.Exists);
        return found is null ? 0 : LoadUnmanagedDllFromPath(found);
    }

    private static bool IsOurs(AssemblyName name) => name.Name == Tensors || name.Name!.StartsWith("Osteon.", StringComparison.Ordinal);

    private static string? Mismatch(AssemblyName wanted)
    {
        if (!Shared.Contains(wanted.Name))
        {
            return $"needs {wanted.Name}, which plugins may not use; they share {string.Join(", ", Shared.Distinct())} with the runner";
        }

        var have = Host.LoadFromAssemblyName(new AssemblyName(wanted.Name!)).GetName().Version!;
        return wanted.Version!.Major == have.Major && wanted.Version <= have
            ? null
            : $"needs {wanted.Name} {wanted.Version.ToString(3)}, this runner has {have.ToString(3)}; {(wanted.Version > have ? "update the runner, or build the plugin against its DLLs" : "build the plugin again")}";
    }
}
