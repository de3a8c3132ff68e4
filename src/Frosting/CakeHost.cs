using System.Reflection;
using Cake.Cli;
using Cake.Core;
using Cake.Core.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console.Cli;

namespace Cake.Frosting;

/// <summary>Runs a build written as classes: registers the tasks it finds with the Cake engine and reads the command line.</summary>
/// <remarks>The public names of this assembly are those of the Cake.Frosting package, which can stand in its place.</remarks>
public sealed class CakeHost
{
    private readonly HashSet<Assembly> _assemblies = [];
    private readonly ServiceCollection _services = new();

    /// <summary>A host that finds its tasks in the entry assembly.</summary>
    public CakeHost()
    {
        if (Assembly.GetEntryAssembly() is { } entry)
        {
            _assemblies.Add(entry);
        }

        _services.AddCakeDiagnostics().UseCakeDefaultModules();
        _services
            .AddSingleton<ICakeConfiguration, HostConfiguration>()
            .AddSingleton<IVersionResolver, VersionResolver>()
            .AddSingleton<VersionFeature>()
            .AddSingleton<InfoFeature>()
            .AddSingleton<TreeScriptHost>()
            .AddSingleton<DescriptionScriptHost>()
            .AddSingleton<DryRunScriptHost<IFrostingContext>>()
            .AddSingleton<BuildScriptHost<IFrostingContext>>()
            .AddSingleton<IFrostingContext, FrostingContext>();
    }

    /// <summary>The same as the constructor, for chains.</summary>
    public static CakeHost Create() => new();

    /// <summary>Looks for tasks in another assembly too.</summary>
    public CakeHost AddAssembly(Assembly assembly)
    {
        _assemblies.Add(assembly);
        return this;
    }

    /// <summary>Adds services; a later registration of a service wins over an earlier one and over Cake's own.</summary>
    public CakeHost ConfigureServices(Action<IServiceCollection> services)
    {
        services(_services);
        return this;
    }

    /// <summary>Runs the targets that the command line names.</summary>
    /// <returns>
    /// 0; 1 when a task failed; 2 when the command line cannot be read; 130 when cancelled; otherwise what a
    /// <see cref="CakeException"/> asked for.
    /// </returns>
    public int Run(IEnumerable<string> args)
    {
        var tasks = _assemblies
            .SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type is { IsClass: true, IsAbstract: false } && typeof(IFrostingTask).IsAssignableFrom(type));
        foreach (var task in tasks)
        {
            _services.AddSingleton(typeof(IFrostingTask), task);
        }

        var registrar = new TypeRegistrar();
        registrar.RegisterInstance(typeof(IServiceCollection), _services);
        var app = new CommandApp<HostCommand>(registrar);
        app.Configure(config => config
            .SetApplicationName("dotnet cake")
            .AddExample("--target", "Default", "--verbosity", "quiet")
            .AddExample("--tree")
            .SetExceptionHandler((exception, _) =>
            {
                Console.Error.WriteLine($"Error: {exception.Message}");
                return exception is CommandAppException ? 2 : 1;
            }));
        return app.Run(args);
    }
}
