using Cake.Cli;
using Cake.Core;
using Cake.Frosting;
using Microsoft.Extensions.DependencyInjection;
using Osteon.Build;

// Cake would colour a pipe too.
if (Console.IsOutputRedirected)
{
    Environment.SetEnvironmentVariable("NO_COLOR", "1");
}

using var folder = new ProgramFolder(AppContext.BaseDirectory.TrimEnd('/'));
using var interruption = new Interruption();
using var closing = new Closing();
return CakeHost.Create()
    .UseContext<ExperimentContext>()
    .ConfigureServices(services => services
        .AddSingleton(interruption)
        .AddSingleton(closing)
        .AddSingleton<IExecutionStrategy, PlainFailures>()
        .AddSingleton<ICakeReportPrinter, ReportPrinter>()
        .AddSingleton<DryRunScriptHost<IFrostingContext>, PlanningHost>()
        .AddSingleton<DescriptionScriptHost, DescribingHost>())
    .Run(StandingAlone.Read(args));
