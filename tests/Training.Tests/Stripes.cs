using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;
using Osteon.Plugins.Losses.Segmentation;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Training.Tests;

/// <summary>A store of images with stripes, upright or lying, without a mask: what a classification can be tested with in a second.</summary>
public sealed class Stripes : IDisposable
{
    private const int Side = 16;
    private readonly string _root = Directory.CreateTempSubdirectory("osteon-stripes-").FullName;
    private int _jobs;

    public Stripes()
    {
        var writer = new CaseStoreWriter(Path.Combine(_root, "store"), ["unused"]);
        var (frame, cases, labels) = (new Frame(Side, Side), new List<StoredCase>(), new Dictionary<string, int>());
        for (var i = 0; i < 16; i++)
        {
            // One in four lies: the rarer class.
            var (lies, random) = (i % 4 == 0, RandomStream.For(3, "stripes", i));
            var phase = random.NextInt(4);
            var pixels = new byte[frame.Area];
            for (var at = 0; at < pixels.Length; at++)
            {
                pixels[at] = (byte)(60 + ((((lies ? at / Side : at % Side) + phase) & 2) * 50) + random.NextInt(40));
            }

            var stored = new StoredCase(new CaseSource($"case{i}", $"patient{i}", Subset.Train, $"case{i}.png", null), frame, frame, Labelled: false);
            writer.Write(stored, new Image(frame, 1, pixels), null, null);
            cases.Add(stored);
            labels[stored.Id] = lies ? 1 : 0;
        }

        writer.Finish(cases);
        Store = CaseStore.Open(Path.Combine(_root, "store"));
        Labels = new CaseLabels(["upright", "lying"], labels);
    }

    public CaseStore Store { get; }

    public CaseLabels Labels { get; }

    /// <summary>A job in a fresh folder: eight cases to learn from, eight to validate on.</summary>
    public TrainJob Job(Discs.Progress? progress = null) => new()
    {
        Plan = new TrainPlan { Epochs = 3, BatchSize = 3, Threads = 1, LoaderThreads = 1, Best = new BestPlan { Metric = "roc_auc" } },
        Mode = LabelMode.Multiclass,
        Seed = 11,
        Store = Store,
        Images = new LabelledImages(Labels, CaseInput.Image),
        Training = [.. Store.Cases.Take(8)],
        Validation = [.. Store.Cases.Skip(8)],
        Build = () => new Small(channels: 1),
        Losses = [new WeightedLoss("CrossEntropy", new CrossEntropyLoss(new CrossEntropyOptions()), 1)],
        Optimizer = new AdamWOptions { Lr = 0.01 },
        Schedule = new CosineOptions { Warmup = 0.1 },
        Device = device("cpu"),
        Folder = Directory.CreateDirectory(Path.Combine(_root, $"job{_jobs++}")).FullName,
        Log = new Told(),
        Progress = progress ?? new Discs.Progress(),
    };

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>Two convolutions, dropout and a linear layer.</summary>
    public sealed class Small : Network
    {
        private readonly TorchSharp.Modules.Conv2d first, second;
        private readonly TorchSharp.Modules.Dropout drop;
        private readonly TorchSharp.Modules.Linear fc;

        public Small(int channels)
            : base("small")
        {
            first = Conv2d(channels, 8, 3, padding: 1);
            second = Conv2d(8, 8, 3, stride: 2, padding: 1);
            drop = Dropout(0.1);
            fc = Linear(8, 2);
            RegisterComponents();
        }

        public override InputSizes Sizes => new(1);

        public override IReadOnlyList<NetworkOutput> Outputs => [new(OutputKind.ImageLogits)];

        public override Tensor forward(Tensor input) =>
            fc.forward(drop.forward(functional.relu(second.forward(functional.relu(first.forward(input)))).mean([2, 3])));
    }

    /// <summary>Keeps what it is told.</summary>
    public sealed class Told : IRunLog
    {
        public List<(string Key, double Value, long Step)> Metrics { get; } = [];

        public string RunId => string.Empty;

        public void Param(string key, string value)
        {
        }

        public void Metric(string key, double value, long step = 0) => Metrics.Add((key, value, step));

        public void Tag(string key, string value)
        {
        }

        public void Artifact(string file, string folder = "")
        {
        }
    }
}
