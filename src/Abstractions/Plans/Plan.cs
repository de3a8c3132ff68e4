namespace Osteon.Abstractions;

/// <summary>
/// An experiment with every default, preset and command-line value resolved; immutable, and written to the run folder before
/// any work. Rooms read the plan, never YAML, environment variables or arguments.
/// </summary>
public sealed record Plan
{
    /// <summary>The experiment's name: its file's name without .yaml.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>One sentence for people.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>The root of all chance in the run.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>What networks are to say of an image: segmentation, or classification. Null: segmentation.</summary>
    public ExperimentTask? Task { get; init; }

    /// <summary>Where the class of each image is found, in classification: csv, metadata, path or mask. Null in segmentation, whose labels are the data set's masks.</summary>
    public Choice? Labels { get; init; }

    /// <summary>A segmentation's predictions that networks which classify are shown; null: images alone.</summary>
    public InputPlan? Input { get; init; }

    /// <summary>Where cases come from.</summary>
    public DataPlan Data { get; init; } = new();

    /// <summary>How cases are stored.</summary>
    public ConvertPlan Convert { get; init; } = new();

    /// <summary>What blocks training.</summary>
    public CheckPlan Check { get; init; } = new();

    /// <summary>Who trains, who validates, who tests.</summary>
    public SplitPlan Split { get; init; } = new();

    /// <summary>Extra cases that are made of each fold's training cases, to train on beside them.</summary>
    public IReadOnlyList<ExtraCasesPlan> Augment { get; init; } = [];

    /// <summary>
    /// Plans networks and training from the data: nnunet-2d. --target=Plan writes what it plans as an experiment that extends this one; null:
    /// nothing is to be planned.
    /// </summary>
    [Named("plan")]
    public Choice? Planner { get; init; }

    /// <summary>Networks by name; each is trained once a fold.</summary>
    public IReadOnlyDictionary<string, ModelPlan> Models { get; init; } = new Dictionary<string, ModelPlan>();

    /// <summary>How networks are trained.</summary>
    public TrainPlan Train { get; init; } = new();

    /// <summary>How test cases are predicted.</summary>
    public InferPlan Infer { get; init; } = new();

    /// <summary>How members vote.</summary>
    public EnsemblePlan Ensemble { get; init; } = new();

    /// <summary>What the report shows.</summary>
    public ReportPlan Report { get; init; } = new();

    /// <summary>Whom the experiment tells.</summary>
    public TrackingPlan Tracking { get; init; } = new();

    /// <summary>Settings to be tried; null: none. Read by --target=Sweep alone.</summary>
    public SweepPlan? Sweep { get; init; }

    /// <summary>What computing costs, for the leaderboard; null: not told.</summary>
    public CostPlan? Cost { get; init; }
}
