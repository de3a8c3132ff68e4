using System.ComponentModel;
using Cake.Cli;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Spectre.Console.Cli;

namespace Cake.Frosting;

internal sealed record WorkingDirectory(DirectoryPath Path);

internal sealed record CakeSetting(string Key, string Value);

/// <summary>The arguments every Cake build understands; all others are the build's own.</summary>
internal sealed class HostSettings : CommandSettings
{
    [CommandOption("-t|--target <TARGET>"), DefaultValue(new[] { "Default" }), Description("The target to run; may be given several times.")]
    public string[] Targets { get; set; } = [];

    [CommandOption("-w|--working <PATH>"), Description("Sets the working directory.")]
    public string? Working { get; set; }

    [CommandOption("-v|--verbosity <VERBOSITY>"), TypeConverter(typeof(VerbosityConverter)), DefaultValue(Verbosity.Normal)]
    [Description("Quiet, Minimal, Normal, Verbose or Diagnostic.")]
    public Verbosity Verbosity { get; set; }

    [CommandOption("--description|--descriptions|--showdescription|--showdescriptions"), Description("Lists the targets.")]
    public bool Description { get; set; }

    [CommandOption("--tree|--showtree"), Description("Shows what each target depends on.")]
    public bool Tree { get; set; }

    [CommandOption("--dryrun|--noop|--whatif"), Description("Says what would run, and runs nothing.")]
    public bool DryRun { get; set; }

    [CommandOption("-e|--exclusive"), Description("Runs the target without what it depends on.")]
    public bool Exclusive { get; set; }

    [CommandOption("--version|--ver"), Description("Shows Cake's version.")]
    public bool Version { get; set; }

    [CommandOption("--info"), Description("Shows more about Cake.")]
    public bool Info { get; set; }
}
