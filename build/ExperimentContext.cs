using System.Reflection;
using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Frosting;
using Osteon.Abstractions;
using Osteon.Runner;
using Osteon.Runner.Configuration;

namespace Osteon.Build;

/// <summary>What tasks receive: Cake's services, the command line, and the experiment once a task asks for it.</summary>
public sealed class ExperimentContext : FrostingContext
{
    // What --target=Synthesize means when it stands alone.
    private const string SyntheticHands = "hand-bone-synthetic";

    /// <summary>Reads the command line; nothing else is touched yet.</summary>
    public ExperimentContext(ICakeContext context, IEnumerable<IFrostingTask> tasks, Interruption interruption, Closing closing)
        : base(context)
    {
        CommandLine = new CommandLine(Arguments, [.. tasks.Select(task => task.GetType().GetCustomAttribute<TaskNameAttribute>()!.Name)], Stages.Order);
        Closing = closing;
        Cancellation = interruption.Token;
        if (CommandLine.Output is { } output)
        {
            DemandOutput(output);
        }
    }

    /// <summary>The arguments.</summary>
    public CommandLine CommandLine { get; }

    /// <summary>What comes after Cake's report.</summary>
    public Closing Closing { get; }

    /// <summary>Cancelled by Ctrl-C or SIGTERM.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Tasks say what they would do, and do nothing.</summary>
    public bool DryRun { get; set; }

    /// <summary>The repository's root.</summary>
    public string Root => Environment.WorkingDirectory.FullPath;

    /// <summary>The experiment, read and checked when a task first asks for it.</summary>
    public ExperimentSession Session => field ??= Closing.Own(ExperimentSession.Open(SessionOptions(), CreateConsole(), TimeProvider.System));

    /// <summary>An experiment that another argument than --experiment names.</summary>
    public ExperimentSession Open(string experiment) => Closing.Own(ExperimentSession.Open(SessionOptions(experiment), CreateConsole(), TimeProvider.System));

    /// <summary>Published weights on this machine.</summary>
    public WeightStore WeightStore => field ??= WeightStore.Of(Root, Environment.GetEnvironmentVariable(WeightStore.Variable));

    /// <summary>Runs the experiment's stages.</summary>
    public StageRunner StageRunner => field ??= CreateStageRunner();

    /// <summary>Where stages and other long work say what they do.</summary>
    public ConsoleLog CreateConsole() => new(this, Closing, TimeProvider.System, isChild: CommandLine["unit"] is not null);

    /// <summary>Prints a result: the one kind of line that --verbosity=quiet keeps.</summary>
    public void Say(string line) => Log.Write(Verbosity.Quiet, LogLevel.Information, "{0}", line);

    /// <summary>Long work begins.</summary>
    public Abstractions.IProgressLine Progress(string title) => new ConsoleLog(this, Closing, TimeProvider.System, isChild: false).Progress(title);

    // Before stages that may take hours, at whose end it is needed.
    private void DemandOutput(string output)
    {
        try
        {
            OutputFolder.Demand(Path.GetFullPath(output, Root));
        }
        catch (OutputException e)
        {
            throw new CakeException(2, $"--output={e.Message}", e);
        }
    }

    private StageRunner CreateStageRunner()
    {
        var runner = new StageRunner(Session, new ProcessExecutor(Session)) { DryRun = DryRun };
        if (CommandLine["unit"] is null && Log.Verbosity > Verbosity.Quiet)
        {
            Closing.Say(() => runner.Summary);
        }

        return runner;
    }

    private SessionOptions SessionOptions(string? experiment = null) => new()
    {
        Root = Root,
        Experiment = experiment ?? CommandLine.Experiment ?? (CommandLine.Targets is ["Synthesize"] ? SyntheticHands : null) ?? throw new CakeException(2, $"--experiment=NAME is missing; experiments/ has: {string.Join(", ", ExperimentFile.Names(Root).DefaultIfEmpty("none"))}."),
        Set = CommandLine.Set,
        Force = CommandLine.Force,
        From = CommandLine.From,
        KeepGoing = CommandLine.KeepGoing,
        Jobs = CommandLine.Jobs,
        Device = CommandLine.Device,
        OnlyUnit = CommandLine["unit"],
        ParentRun = CommandLine["parent-run"],
        Point = CommandLine["point"],
        WeightStore = WeightStore.Folder,
    };
}
