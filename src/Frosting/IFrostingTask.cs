using Cake.Core;

namespace Cake.Frosting;

/// <summary>A node of the task graph, as the host sees it.</summary>
public interface IFrostingTask
{
    /// <summary>What the skipped-task row of the report says.</summary>
    string SkippedMessage { get; }

    /// <summary>Does the work.</summary>
    Task RunAsync(ICakeContext context);

    /// <summary>False skips the task; the target itself must not be skipped.</summary>
    bool ShouldRun(ICakeContext context);

    /// <summary>Runs when the task failed; the failure then counts as handled unless this throws.</summary>
    void OnError(Exception exception, ICakeContext context);

    /// <summary>Runs after the task, failed or not.</summary>
    void Finally(ICakeContext context);
}
