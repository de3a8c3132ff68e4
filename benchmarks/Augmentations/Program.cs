using System.Diagnostics;
using System.Globalization;
using Osteon.Abstractions;
using Osteon.Benchmarks.Augmentations;
using Osteon.Imaging;

// AugmentationBenchmarks [--seconds S] [--only NAME]: each transform on a grey 1024² image with 29 overlapping classes, one thread, beside
// what Albumentations does of it with OpenCV and numpy in Python. The two take turns, call by call, until S seconds have gone by for a
// transform; a line gives the medians.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var seconds = double.Parse(Option("--seconds", "2"), CultureInfo.InvariantCulture);
var only = Option("--only", string.Empty);
var root = new DirectoryInfo(AppContext.BaseDirectory);
while (!File.Exists(Path.Combine(root!.FullName, "Runner.sln")))
{
    root = root.Parent;
}

var python = Environment.GetEnvironmentVariable("PYTHON") ?? "/usr/bin/python3";
using var peer = Process.Start(new ProcessStartInfo(python, [Path.Combine(root.FullName, "benchmarks", "peers", "augmentations_cv2.py")]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
var (sample, workspace) = (Cases.Sample(), new Workspace());
Console.WriteLine($"{"transform",-34}{"Osteon ms",12}{"Python ms",12}{"faster",9}{"allocated",12}");
foreach (var (name, augmentation) in Cases.All.Where(c => c.Name.Contains(only, StringComparison.Ordinal)))
{
    var pipeline = new AugmentationPipeline([augmentation]);
    List<double> own = [], other = [];
    var (clock, stream, allocated, round) = (Stopwatch.StartNew(), new RandomStream(7), 0L, 0);
    while (clock.Elapsed.TotalSeconds < seconds || round < 5)
    {
        var (before, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        pipeline.Run(sample, stream.At(round++), workspace);
        workspace.Reset();
        own.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        await peer.StandardInput.WriteLineAsync(name);
        await peer.StandardInput.FlushAsync();
        other.Add(double.Parse(await peer.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The peer stopped at {name}."), CultureInfo.InvariantCulture));
    }

    var (a, b) = (Median(own), Median(other));
    Console.WriteLine($"{name,-34}{a,12:F2}{b,12:F2}{b / a,8:F1}×{allocated,10} B");
}

static double Median(List<double> values)
{
    values.Sort();
    return values[values.Count / 2];
}

string Option(string name, string standard)
{
    var place = Array.IndexOf(args, name);
    return place >= 0 && place + 1 < args.Length ? args[place + 1] : standard;
}
