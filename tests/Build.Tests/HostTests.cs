using Cake.Core;
using Cake.Frosting;
using Microsoft.Extensions.DependencyInjection;

namespace Osteon.Build.Tests;

/// <summary>The layer over Cake's engine does what the Cake.Frosting package does.</summary>
public sealed class HostTests
{
    [Fact]
    public void Runs_what_a_target_depends_on_first_and_once() => Assert.Equal(["First", "Second", "Last"], Run(out _, "--target=Last"));

    [Fact]
    public void Runs_a_task_alone_when_asked() => Assert.Equal(["Last"], Run(out _, "--target=Last", "--exclusive"));

    [Fact]
    public void Ends_with_0_when_all_went_well()
    {
        Run(out var code, "--target=Last");
        Assert.Equal(0, code);
    }

    [Fact]
    public void Ends_with_1_when_a_task_failed_and_runs_nothing_after_it()
    {
        Assert.Equal(["Fails", "Fails finally"], Run(out var code, "--target=AfterFailure"));
        Assert.Equal(1, code);
    }

    [Fact]
    public void Ends_with_the_code_a_task_asks_for()
    {
        Run(out var code, "--target=AsksForSeven");
        Assert.Equal(7, code);
    }

    [Fact]
    public void Ends_with_130_when_cancelled()
    {
        Run(out var code, "--target=Cancelled");
        Assert.Equal(130, code);
    }

    [Theory]
    [InlineData("--verbosity=loud")]
    [InlineData("stray")]
    public void Ends_with_2_when_the_command_line_cannot_be_read(string argument)
    {
        Assert.Empty(Run(out var code, argument));
        Assert.Equal(2, code);
    }

    [Fact]
    public void Goes_on_after_a_failure_that_a_task_allows() => Assert.Equal(["Tolerated", "AfterTolerated"], Run(out _, "--target=AfterTolerated"));

    [Fact]
    public void Leaves_out_a_task_that_should_not_run() => Assert.Equal(["AfterSkipped"], Run(out _, "--target=AfterSkipped"));

    [Theory]
    [InlineData("--tree")]
    [InlineData("--description")]
    [InlineData("--dryrun")]
    public void Only_shows(string argument)
    {
        Assert.Empty(Run(out var code, "--target=Last", argument));
        Assert.Equal(0, code);
    }

    private static List<string> Run(out int code, params string[] arguments)
    {
        var journal = new Journal();
        code = CakeHost.Create()
            .AddAssembly(typeof(HostTests).Assembly)
            .UseContext<JournalContext>()
            .ConfigureServices(services => services.AddSingleton(journal))
            .Run([.. arguments, "--verbosity=quiet"]);
        return journal.Entries;
    }
}

public sealed class Journal
{
    public List<string> Entries { get; } = [];
}

public sealed class JournalContext(ICakeContext context, Journal journal) : FrostingContext(context)
{
    public Journal Journal { get; } = journal;
}

public abstract class JournalTask : FrostingTask<JournalContext>
{
    public override void Run(JournalContext context) => context.Journal.Entries.Add(GetType().Name);
}

public sealed class First : JournalTask;

[IsDependentOn(typeof(First))]
public sealed class Second : JournalTask;

[IsDependentOn(typeof(First)), IsDependentOn(typeof(Second))]
public sealed class Last : JournalTask;

public sealed class Fails : JournalTask
{
    public override void Run(JournalContext context)
    {
        base.Run(context);
        throw new InvalidOperationException("on purpose");
    }

    public override void Finally(JournalContext context) => context.Journal.Entries.Add("Fails finally");
}

[IsDependentOn(typeof(Fails))]
public sealed class AfterFailure : JournalTask;

public sealed class AsksForSeven : JournalTask
{
    public override void Run(JournalContext context) => throw new CakeException(7, "on purpose");
}

public sealed class Cancelled : AsyncFrostingTask<JournalContext>
{
    public override Task RunAsync(JournalContext context) => Task.FromCanceled(new CancellationToken(canceled: true));
}

[ContinueOnError]
public sealed class Tolerated : JournalTask
{
    public override void Run(JournalContext context)
    {
        base.Run(context);
        throw new InvalidOperationException("on purpose");
    }
}

[IsDependentOn(typeof(Tolerated))]
public sealed class AfterTolerated : JournalTask;

public sealed class Skipped : JournalTask
{
    public override bool ShouldRun(JournalContext context) => false;
}

[IsDependentOn(typeof(Skipped))]
public sealed class AfterSkipped : JournalTask;

/// <summary>Its context is another build's.</summary>
public sealed class OfAnotherBuild : FrostingTask<ExperimentContext>
{
    public override void Run(ExperimentContext context) => throw new InvalidOperationException("must not run");
}
