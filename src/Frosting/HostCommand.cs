using Cake.Cli;
using Cake.Cli.Infrastructure;
using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Cake.Core.Scripting;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console.Cli;

namespace Cake.Frosting;

/// <summary>One command line from its arguments to its exit code.</summary>
internal sealed class HostCommand(IServiceCollection services) : Command<HostSettings>
{
    private const int Cancelled = 130;

    public override int Execute(CommandContext context, HostSettings settings, CancellationToken cancellationToken)
    {
        services.AddSingleton<ICakeArguments>(context.Remaining.ToCakeArguments(settings.Targets));
        services.AddSingleton(context.Remaining);
        using var provider = services.BuildServiceProvider();
        var log = provider.GetRequiredService<ICakeLog>();
        log.Verbosity = settings.Verbosity;
        try
        {
            Run(provider, settings);
            return 0;
        }
        catch (Exception exception)
        {
            // The engine wraps a failure together with the report of the tasks before it; the host has printed that report.
            var cause = exception is CakeReportException { InnerException: { } inner } ? inner : exception;
            var code = log.LogException(cause);
            return cause is OperationCanceledException ? Cancelled : code;
        }
    }

    private static void Run(ServiceProvider provider, HostSettings settings)
    {
        if (settings.Version)
        {
            provider.GetRequiredService<VersionFeature>().Run(provider.GetRequiredService<IConsole>());
            return;
        }

        if (settings.Info)
        {
            provider.GetRequiredService<InfoFeature>().Run(provider.GetRequiredService<IConsole>());
            return;
        }

        // Before anything that reads cake.config, which lies there.
        Enter(settings.Working is { } path ? new DirectoryPath(path) : provider.GetService<WorkingDirectory>()?.Path, provider.GetRequiredService<ICakeEnvironment>());
        IScriptHost host = settings switch
        {
            { DryRun: true } => provider.GetRequiredService<DryRunScriptHost<IFrostingContext>>(),
            { Tree: true } => provider.GetRequiredService<TreeScriptHost>(),
            { Description: true } => provider.GetRequiredService<DescriptionScriptHost>(),
            _ => provider.GetRequiredService<BuildScriptHost<IFrostingContext>>(),
        };
        if (settings.Exclusive)
        {
            host.Settings.UseExclusiveTarget();
        }

        TaskRegistration.Register(provider);
        host.RunTargets(settings.Targets);
    }

    private static void Enter(DirectoryPath? working, ICakeEnvironment environment)
    {
        if (working is null)
        {
            return;
        }

        working = working.MakeAbsolute(environment);
        environment.WorkingDirectory = Directory.Exists(working.FullPath)
            ? working
            : throw new FrostingException($"The working directory '{working}' does not exist.");
    }
}
