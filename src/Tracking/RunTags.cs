namespace Osteon.Tracking;

/// <summary>The tags a run carries: MLflow's own, which its page reads, and ours.</summary>
public static class RunTags
{
    /// <summary>The name shown; setting it renames the run.</summary>
    public const string RunName = "mlflow.runName";

    /// <summary>Who started it.</summary>
    public const string User = "mlflow.user";

    /// <summary>The run this one is nested in.</summary>
    public const string ParentRunId = "mlflow.parentRunId";

    /// <summary>The program.</summary>
    public const string SourceName = "mlflow.source.name";

    /// <summary>Always LOCAL.</summary>
    public const string SourceType = "mlflow.source.type";

    /// <summary>The commit that was checked out, 40 hex digits.</summary>
    public const string GitCommit = "mlflow.source.git.commit";

    /// <summary>The branch that was checked out; absent when none was.</summary>
    public const string GitBranch = "mlflow.source.git.branch";

    /// <summary>"true" when the working tree differed from the commit.</summary>
    public const string GitDirty = "mlflow.source.git.dirty";

    /// <summary>Where the repository came from, without a password; absent when it has no origin.</summary>
    public const string GitUrl = "mlflow.source.git.repoURL";

    /// <summary>SHA-256 of <c>git diff HEAD --binary</c>; absent when the tree was clean.</summary>
    public const string GitDiff = "git.diff.sha256";

    /// <summary>The id chosen here for the run, by which it is found again on a server, whose own ids are the server's to choose.</summary>
    public const string Run = "osteon.run.id";

    /// <summary>What a run stands for: experiment, model or unit.</summary>
    public const string Level = "osteon.level";

    /// <summary>The model's name in the plan.</summary>
    public const string Model = "osteon.model";

    /// <summary>The fold, from 0.</summary>
    public const string Fold = "osteon.fold";

    /// <summary>Prefix of the digests of the DLLs behind plugin names, e.g. osteon.plugin.encoder resnet18.</summary>
    public const string Plugin = "osteon.plugin.";

    /// <summary>Prefix of versions and of what the machine is, e.g. osteon.environment.libtorch.</summary>
    public const string Environment = "osteon.environment.";

    /// <summary>Prefix of what was found out about the data set to read its labels, e.g. osteon.data.rle.</summary>
    public const string Data = "osteon.data.";

    /// <summary>The stage a unit belongs to.</summary>
    public const string Stage = "osteon.stage";

    /// <summary>The unit's key in cache and lock.</summary>
    public const string UnitKey = "osteon.unit.key";

    /// <summary>What it computed on: cpu or cuda:N.</summary>
    public const string Device = "osteon.device";

    /// <summary>SHA-256 of the weights file a training left: its best epoch's.</summary>
    public const string Checkpoint = "osteon.checkpoint.sha256";

    /// <summary>SHA-256 over a training's last weights.</summary>
    public const string Weights = "osteon.weights.sha256";

    /// <summary>SHA-256 of the resolved plan.</summary>
    public const string Config = "osteon.config.sha256";

    /// <summary>The rule by which outlines became pixels: fillpoly, fillpoly_truncated or coco; absent where labels hold none.</summary>
    public const string PolygonRaster = "osteon.polygon_raster";

    /// <summary>The process that owns a running run.</summary>
    public const string ProcessId = "osteon.pid";

    /// <summary>The machine it runs on.</summary>
    public const string Host = "osteon.host";

    /// <summary>When that process started; tells a process from a later one of the same number.</summary>
    public const string ProcessStart = "osteon.process.start";

    /// <summary>Why a run that ended without a word was closed.</summary>
    public const string Reaped = "osteon.reaped";
}
