using Cake.Cli;
using Cake.Core;
using Cake.Core.Diagnostics;
using Spectre.Console;

namespace Osteon.Build;

/// <summary>Cake's headers and its table of durations, but no table for those who asked for quiet.</summary>
public sealed class ReportPrinter(IAnsiConsole console, ICakeLog log) : ICakeReportPrinter
{
    private readonly CakeSpectreReportPrinter _cake = new(console);

    /// <inheritdoc />
    public void Write(CakeReport report)
    {
        if (log.Verbosity >= Verbosity.Minimal)
        {
            _cake.Write(report);
        }
    }

    /// <inheritdoc />
    public void WriteLifeCycleStep(string name, Verbosity verbosity) => _cake.WriteLifeCycleStep(name, verbosity);

    /// <inheritdoc />
    public void WriteStep(string name, Verbosity verbosity) => _cake.WriteStep(name, verbosity);

    /// <inheritdoc />
    public void WriteSkippedStep(string name, Verbosity verbosity) => _cake.WriteSkippedStep(name, verbosity);
}
