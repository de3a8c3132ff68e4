namespace Osteon.Build;

/// <summary>An argument this build understands.</summary>
/// <param name="Name">Without the dashes.</param>
/// <param name="Value">What follows it, for people; null when nothing may.</param>
/// <param name="Meaning">A line for --description; null for what is between our own processes.</param>
public sealed record Argument(string Name, string? Value, string? Meaning)
{
    /// <summary>Cake's own, with their other spellings, come first.</summary>
    public static IReadOnlyList<Argument> All { get; } =
    [
        new("target", "=NAME", "what to run; everything before it runs too where it is out of date"),
        new("tree", null, "shows what each target depends on"),
        new("description", null, "shows this"),
        new("dryrun", null, "says which units would run, and why; starts nothing"),
        new("exclusive", null, "runs the target without what it depends on"),
        new("verbosity", "=LEVEL", "Quiet, Minimal, Normal, Verbose or Diagnostic"),
        new("working", "=FOLDER", null),
        new("version", null, null),
        new("info", null, null),
        new("experiment", "=NAME", "a file in experiments/, or the path of one"),
        new("set", "=a.b=VALUE", "changes a value of the experiment; may be given several times"),
        new("force", "[=STAGE]", "runs units that are up to date: the target's, a stage's, or all"),
        new("from", "=STAGE", "as --force for this stage and all after it"),
        new("keep-going", null, "goes on with a stage's other units when one fails"),
        new("jobs", "=N", "units of a stage at a time; 1 unless given"),
        new("device", "=NAME", "auto, cpu or cuda:N; auto unless given"),
        new("input", "=FOLDER", "Deidentify: the DICOM images to copy; Infer: images to predict with --model, without an experiment's test cases"),
        new("output", "=FOLDER", "Synthesize: copies the data set there; Deidentify: the copies; Export, PseudoLabel: runs/NAME/export/FORMAT or runs/NAME/pseudo/FORMAT unless given; Infer, with --input: the predictions; Ensemble, with --csv: the file"),
        new("format", "=NAME", "Export, PseudoLabel: the layout to write, as in nnunet or \"{nnunet: {id: 7}}\""),
        new("min-confidence", "=NUMBER", "PseudoLabel: how far members have to agree in every class of a case, from 0 to 1; 0 unless given"),
        new("pseudo-only", null, "PseudoLabel: leaves the training cases out"),
        new("min-iou", "=NUMBER", "Export, PseudoLabel: the least a class of a case may come back with, from 0 to 1"),
        new("csv", "=FILE", "Ensemble: a submission to vote on, several times; needs no experiment"),
        new("min-votes", "=N", "Ensemble, with --csv: files that must set a pixel; more than half unless given"),
        new("member-weights", "=W,W", "Ensemble, with --csv: what each file counts; 1 unless given"),
        new("ties", "=RULE", "Ensemble, with --csv and without --min-votes: unset or set, what a pixel is that exactly half of the votes set; unset unless given"),
        new("on-missing", "=RULE", "Ensemble, with --csv: error or empty, what a row is that some files lack; error unless given"),
        new("key", "=FILE", "Deidentify: 16 bytes or more that make the same patients' names; a new key for each run unless given"),
        new("runs", "=N", "Determinism: how often the step is taken, from 2; 2 unless given"),
        new("case", "=ID", "Preview: the case to show"),
        new("epoch", "=E", "Preview: the epoch to show, from 0"),
        new("index", "=I", "Preview: one sample of the epoch, from 0"),
        new("filter", "=TEXT", "Test: only projects whose name holds the text; Models, Weights: only such names; Leaderboard: only such experiments, tags and commits"),
        new("encoder", "=NAME", "Weights: the encoder to bring weights for"),
        new("weights", "=NAME", "Weights: the published set, e.g. imagenet; imagenet unless given"),
        new("import", "=FILE", "Weights: takes the set from this file instead of the network"),
        new("model", "=NAME", "Model: ARCHITECTURE/ENCODER, or with --experiment one of its models; Infer, with --input: EXPERIMENT[/MODEL[/FOLD]], a unit, a run folder or a checkpoint"),
        new("size", "=SIDE", "Model: side of the image, or HEIGHTxWIDTH; 224 unless given"),
        new("channels", "=N", "Model: image channels; 3 unless given"),
        new("classes", "=N", "Model: classes; 1 unless given"),
        new("depth", "=N", "Model: how deep parts are shown; 3 unless given"),
        new("verify", null, "Weights: reads every file of the store anew and compares its digest"),
        // Cake's command line has long names of two letters or more.
        new("a", "=NAME", "Diff: an experiment, a lock file, a tag or a run"),
        new("b", "=NAME", "Diff: what to compare it with"),
        new("name", "=TAG", "Tag: the tag to write, as in lb/2026-final"),
        new("tolerance", "=NUMBER", "Tag: how far a metric may be off on another platform; 0.01 unless given"),
        new("tag", "=TAG", "Reproduce: the tag to bring back"),
        new("from-cache", "=BOOL", "Reproduce: false makes every unit anew; true unless given"),
        new("sort", "=COLUMN", "Leaderboard: dice, made, time, cost or experiment; dice unless given"),
        new("top", "=N", "Leaderboard: rows printed, from 1; 20 unless given"),
        new("yes", null, "Gc: removes what it found"),
        new("unit", "=ID", null),
        new("parent-run", "=ID", null),
        new("point", "=POINT", null),
    ];

    /// <summary>As it is typed.</summary>
    public string Usage => Name.Length == 1 ? $"-{Name} {Value?.TrimStart('=')}" : $"--{Name}{Value}";
}
