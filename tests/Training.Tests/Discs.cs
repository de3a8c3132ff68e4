using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;
using Osteon.Plugins.Architectures.Unet;
using Osteon.Plugins.Losses.Segmentation;
using Osteon.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Training.Tests;

/// <summary>A store of bright discs on grey, two overlapping classes, and jobs on it: all a loop can be tested with in a second.</summary>
public sealed class Discs : IDisposable
{
    private const int Side = 32;
    private readonly string _root = Directory.CreateTempSubdirectory("osteon-training-").FullName;
    private int _jobs;

    public Discs()
    {
        var writer = new CaseStoreWriter(Path.Combine(_root, "store"), ["disc", "core"]);
        var frame = new Frame(Side, Side);
        var cases = new List<StoredCase>();
        for (var i = 0; i < 8; i++)
        {
            var source = new CaseSource($"case{i}", $"patient{i / 2}", Subset.Train, $"case{i}.png", $"case{i}.json");
            var random = RandomStream.For(1, "disc", i);
            var (row, column, radius) = (random.NextDouble(10, 22), random.NextDouble(10, 22), random.NextDouble(6, 9));
            var pixels = new byte[frame.Area];
            var words = new LabelMap(frame, 2);
            for (var at = 0; at < pixels.Length; at++)
            {
                var distance = Math.Sqrt(Math.Pow((at / Side) - row, 2) + Math.Pow((at % Side) - column, 2));
                words.Bytes[at] = (byte)((distance < radius ? 1 : 0) | (distance < radius / 2 ? 2 : 0));
                pixels[at] = (byte)(60 + (distance < radius ? 80 : 0) + (distance < radius / 2 ? 60 : 0) + random.NextInt(20));
            }

            var stored = new StoredCase(source, frame, frame, Labelled: true);
            writer.Write(stored, new Image(frame, 1, pixels), words, [words.ToMask(0), words.ToMask(1)]);
            cases.Add(stored);
        }

        writer.Finish(cases);
        Store = CaseStore.Open(Path.Combine(_root, "store"));
    }

    public CaseStore Store { get; }

    /// <summary>A job in a fresh folder: six cases to learn from, two to validate on.</summary>
    public TrainJob Job(Progress? progress = null) => new()
    {
        Plan = new TrainPlan { Epochs = 3, BatchSize = 2, Threads = 1, LoaderThreads = 1, Optimizer = new Choice("AdamW"), Crop = 24 },
        Seed = 11,
        Store = Store,
        Training = [.. Store.Cases.Take(6)],
        Validation = [.. Store.Cases.Skip(6)],
        Build = () => new WithDropout(Plain()),
        Losses = [new WeightedLoss("BCE", new BceLoss(new BceOptions()), 1)],
        Optimizer = new AdamWOptions { Lr = 0.01 },
        Schedule = new CosineOptions { Warmup = 0.1 },
        Device = device("cpu"),
        Folder = Directory.CreateDirectory(Path.Combine(_root, $"job{_jobs++}")).FullName,
        Log = new NoLog(),
        Progress = progress ?? new Progress(),
    };

    /// <summary>A small network.</summary>
    public static Network Plain() =>
        new PlainUnet(new PlainUnetOptions { Width = 8, Depth = 2 }).Build(new NetworkShape(1, 2), _ => throw new InvalidOperationException());

    /// <summary>A network in which a sample knows nothing of the batch it is in.</summary>
    public static Network Unnormalised() => new Convolutions();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private sealed class Convolutions : Network
    {
        private readonly TorchSharp.Modules.Conv2d first, second;

        public Convolutions()
            : base("convolutions")
        {
            first = Conv2d(1, 8, 3, padding: 1);
            second = Conv2d(8, 2, 3, padding: 1);
            RegisterComponents();
        }

        public override InputSizes Sizes => new(1);

        public override Tensor forward(Tensor input) => second.forward(functional.relu(first.forward(input)));
    }

    /// <summary>Dropout draws from libtorch's generator, which a resumed run has to find as it was.</summary>
    private sealed class WithDropout : Network
    {
        private readonly Network inner;
        private readonly TorchSharp.Modules.Dropout drop;

        public WithDropout(Network network)
            : base("dropout")
        {
            inner = network;
            drop = Dropout(0.2);
            RegisterComponents();
        }

        public override InputSizes Sizes => inner.Sizes;

        public override Tensor forward(Tensor input) => inner.forward(drop.forward(input));
    }

    /// <summary>Counts steps and may call back at one.</summary>
    public sealed class Progress(int at = -1, Action? then = null) : IProgressLine
    {
        private int _steps;

        public List<string> Lines { get; } = [];

        public void Report(long done, long total, string? note = null)
        {
            if (++_steps == at)
            {
                then?.Invoke();
            }
        }

        public void Line(string text) => Lines.Add(text);

        public void Dispose()
        {
        }
    }

    private sealed class NoLog : IRunLog
    {
        public string RunId => string.Empty;

        public void Param(string key, string value)
        {
        }

        public void Metric(string key, double value, long step = 0)
        {
        }

        public void Tag(string key, string value)
        {
        }

        public void Artifact(string file, string folder = "")
        {
        }
    }
}
