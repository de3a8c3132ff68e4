using Cake.Common.Diagnostics;
using Cake.Common.Tools.DotNet;
using Cake.Common.Tools.DotNet.Build;
using Cake.Common.Tools.DotNet.MSBuild;
using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <summary>Builds the solution and runs every test project; the sum is the last line printed.</summary>
[TaskName("Test")]
[TaskDescription("Builds everything and runs all tests")]
public sealed class TestTask : AsyncFrostingTask<ExperimentContext>
{
    // Each runs its own tests in parallel already; two hide the starts.
    private static readonly int Parallel = Math.Min(2, Environment.ProcessorCount);

    /// <inheritdoc />
    public override async Task RunAsync(ExperimentContext context)
    {
        var projects = TestProject.Find(context.Root, context.CommandLine["filter"]);
        if (projects.Count == 0)
        {
            throw new CakeException(2, $"--filter={context.CommandLine["filter"]} fits no project in tests/; there are {string.Join(", ", TestProject.Find(context.Root, null).Select(p => p.Name))}.");
        }

        if (context.DryRun)
        {
            context.Information("Would build Runner.sln and run {0}.", string.Join(", ", projects.Select(project => project.Name)));
            return;
        }

        Build(context);
        var results = new TestResult[projects.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = context.Cancellation };
        await System.Threading.Tasks.Parallel.ForAsync(0, projects.Count, options, async (i, token) =>
        {
            results[i] = await projects[i].RunAsync(token);
            context.Information("{0}: {1}", projects[i].Name, TestResult.Summary([results[i]]));
        });
        Tell(context, results);
    }

    private static void Build(ExperimentContext context)
    {
        // build.cake takes the same lock: only one process compiles at a time.
        using var others = FileLock.Take(Path.Combine(context.Root, "artifacts", "cake", "build.lock"), cancellation: context.Cancellation);
        context.DotNetBuild("Runner.sln", new DotNetBuildSettings
        {
            Configuration = "Release",
            NoLogo = true,
            Verbosity = DotNetVerbosity.Quiet,
            MSBuildSettings = new DotNetMSBuildSettings().SetConsoleLoggerSettings(new MSBuildLoggerSettings { SummaryOutputLevel = MSBuildLoggerOutputLevel.Default }),
        });
    }

    private static void Tell(ExperimentContext context, TestResult[] results)
    {
        foreach (var failure in results.SelectMany(result => result.Failures))
        {
            context.Error("{0}", failure);
        }

        foreach (var skip in results.SelectMany(result => result.Skips).CountBy(reason => reason).OrderByDescending(reason => reason.Value))
        {
            context.Information("{0} skipped: {1}", skip.Value, skip.Key);
        }

        context.Closing.Say(TestResult.Summary(results));
        if (results.Sum(result => result.Failures.Count) is > 0 and var failed)
        {
            throw new CakeException(1, $"{failed} failed; they are listed above.");
        }
    }
}
