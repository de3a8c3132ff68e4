using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Imaging;
using Osteon.LoaderBenchmarks;
using Osteon.Plugins.Augmentations.Basic;
using Osteon.Plugins.Augmentations.Intensity;
using Osteon.Plugins.Augmentations.Spatial;
using Osteon.Training;
using static TorchSharp.torch;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var seconds = args.SkipWhile(a => a != "--seconds").Skip(1).Select(double.Parse).FirstOrDefault(8);
var folder = Path.GetFullPath(Path.Combine("artifacts", "benchmarks", "loader"));
set_num_threads(1);
var store = Cases.Make(folder);
var peer = Peer(folder, seconds);
var sample = store.Read(store.Cases[0]);

Augmentation[] all =
[
    new HorizontalFlip(new FlipOptions { P = 1 }),
    new Rotate(new RotateOptions { P = 1 }),
    new RandomBrightnessContrast(new RandomBrightnessContrastOptions { P = 1 }),
    new CLAHE(new CLAHEOptions { P = 1 }),
    new ElasticTransform(new ElasticTransformOptions { P = 1 }),
];

Console.WriteLine("| 1024², 29 overlapping classes | Osteon | NumPy and OpenCV in Python | |");
Console.WriteLine("|---|--:|--:|--:|");
var flipAndRotate = new AugmentationPipeline([all[0], all[1]]);
var (space, count) = (new Workspace(), 0);
Row("HorizontalFlip and Rotate, one warp", 1000 * Median(() =>
{
    flipAndRotate.Run(sample, RandomStream.For(1, count++), space);
    space.Reset();
}), (double)peer["flip"]!["ms"]! + (double)peer["rotate"]!["ms"]!, "ms");

var buffer = Enumerable.Repeat(sample, 4).ToArray();
using (var loader = new BatchLoader(Job(store, [], 1), new InputSizes(32)))
{
    Row("batch assembly, a sample", 1000 * Median(() => loader.Assemble(buffer, []).Dispose()) / 4, (double)peer["assembly"]!["ms"]!, "ms");
    using var batch = loader.Assemble(buffer, []);
    var expand = 1000 * Median(() =>
    {
        using var scope = NewDisposeScope();
        batch.ToTensors(CPU);
    }) / 4;
    Console.WriteLine($"| floats and 29 planes of it on the CPU, a sample | {expand:0.0} ms | | |");
}

foreach (var (threads, workers) in new[] { (1, 0), (2, 2) })
{
    using var loader = new BatchLoader(Job(store, all, threads), new InputSizes(32));
    var clock = Stopwatch.StartNew();
    var (first, done, begin, bytes) = (0.0, 0, 0.0, 0L);
    foreach (var next in loader.Epoch(0, 0))
    {
        using var batch = next;
        if (first == 0)
        {
            first = begin = clock.Elapsed.TotalSeconds;
            continue;
        }

        if (done == 0)
        {
            bytes = GC.GetTotalAllocatedBytes();
        }

        done += batch.Size;
        if (clock.Elapsed.TotalSeconds - begin > seconds)
        {
            break;
        }
    }

    var rate = done / (clock.Elapsed.TotalSeconds - begin);
    var other = peer[$"pipeline, {workers} workers"]!;
    Console.WriteLine($"| all five from disk to batches of 4, {threads} thread{(threads > 1 ? "s" : "")} / {workers} workers | {rate:0.0} samples/s | {(double)other["per_second"]!:0.0} samples/s | {rate / (double)other["per_second"]!:0.0}× |");
    Console.WriteLine($"| … start to first batch | {first:0.00} s | {(double)other["first_s"]!:0.00} s | |");
    Console.WriteLine($"| … allocated on the heap, a sample | {(GC.GetTotalAllocatedBytes() - bytes) / Math.Max(done, 1) / 1024.0:0.0} KiB | | |");
}

static void Row(string name, double own, double other, string unit) => Console.WriteLine($"| {name} | {own:0.00} {unit} | {other:0.0} {unit} | {other / own:0.0}× |");

static double Median(Action work)
{
    for (var warm = Stopwatch.StartNew(); warm.ElapsedMilliseconds < 500;)
    {
        work();
    }

    var times = new List<double>();
    for (var clock = Stopwatch.StartNew(); clock.ElapsedMilliseconds < 1500 || times.Count < 3;)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    times.Sort();
    return times[times.Count / 2];
}

static TrainJob Job(CaseStore store, IReadOnlyList<Augmentation> augmentations, int threads) => new()
{
    Plan = new TrainPlan { BatchSize = 4, LoaderThreads = threads, Repeat = 1000 },
    Seed = 1,
    Store = store,
    Training = store.Cases,
    Validation = [],
    Augmentations = augmentations,
    Device = CPU,
    Build = null!,
    Losses = [],
    Optimizer = null!,
    Schedule = null!,
    Folder = string.Empty,
    Log = null!,
    Progress = null!,
};

static JsonObject Peer(string folder, double seconds)
{
    var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true };
    foreach (var argument in new[] { "benchmarks/peers/loader_torch.py", folder, "--seconds", seconds.ToString(CultureInfo.InvariantCulture) })
    {
        start.ArgumentList.Add(argument);
    }

    using var process = Process.Start(start)!;
    var found = new JsonObject();
    while (process.StandardOutput.ReadLine() is { } line)
    {
        var row = JsonNode.Parse(line)!.AsObject();
        found[(string)row["name"]!] = row;
    }

    process.WaitForExit();
    return found;
}
