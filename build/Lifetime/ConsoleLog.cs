using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Core.Diagnostics;
using Osteon.Abstractions;
using Osteon.Runner;

namespace Osteon.Build;

/// <summary>What stages say goes through Cake's log, so that --verbosity and NO_COLOR hold for it too.</summary>
/// <param name="context">Cake's.</param>
/// <param name="closing">Takes results, which stand last whatever the verbosity.</param>
/// <param name="clock">Paces progress bars.</param>
/// <param name="isChild">Several processes share the terminal: lines, and no bars.</param>
public sealed class ConsoleLog(ICakeContext context, Closing closing, TimeProvider clock, bool isChild) : IConsoleLog
{
    /// <inheritdoc />
    public void Result(string line) => closing.Say(line);

    /// <inheritdoc />
    public void Info(string line) => context.Information("{0}", line);

    /// <inheritdoc />
    public void Verbose(string line) => context.Verbose("{0}", line);

    /// <inheritdoc />
    public void Warn(string line) => context.Warning("{0}", line);

    /// <inheritdoc />
    public IProgressLine Progress(string title) => context.Log.Verbosity >= Verbosity.Minimal
        ? new ConsoleProgress(Console.Out, title, terminal: !Console.IsOutputRedirected && !isChild, clock)
        : new ConsoleProgress(TextWriter.Null, title, terminal: false, clock);
}
