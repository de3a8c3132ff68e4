using Cake.Cli;
using Cake.Core;
using Cake.Frosting;
using Spectre.Console;

namespace Osteon.Build;

/// <summary>--description: Cake's table of targets, and ours of arguments.</summary>
public sealed class DescribingHost(ICakeEngine engine, IFrostingContext context, IAnsiConsole console)
    : DescriptionScriptHost(engine, context, console)
{
    private readonly IAnsiConsole _console = console;

    /// <inheritdoc />
    public override async Task<CakeReport> RunTargetsAsync(IEnumerable<string> targets)
    {
        var report = await base.RunTargetsAsync(targets);
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("Argument").AddColumn("Meaning");
        foreach (var argument in Argument.All.Where(argument => argument.Meaning is not null))
        {
            table.AddRow(new Text(argument.Usage), new Text(argument.Meaning!));
        }

        _console.Write(table);
        return report;
    }
}
