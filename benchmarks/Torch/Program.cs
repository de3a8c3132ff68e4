using System.Diagnostics;
using System.Globalization;
using Osteon.Benchmarks;
using Osteon.TorchBenchmarks;

// TorchBenchmarks CASE [--network NAME] [--batch N] [--turns N] [--seconds N] [--threads N] [--against defaults|alike|both]: Osteon against
// PyTorch on the same libtorch, each in a process of its own so that its peak memory is its own. They take turns, one at work and the others waiting.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var threads = Option("--threads", "2");
var network = Option("--network", "unet-resnet34");
if (args.Length > 1 && args[0] == "--worker")
{
    Worker.Run(args[1], network, int.Parse(threads, CultureInfo.InvariantCulture), Option("--data", ""));
    return 0;
}

if (args.Length == 0 || !Worker.Knows(args[0]) || !Networks.Knows(network))
{
    Console.WriteLine($"TorchBenchmarks CASE [--network NAME] [--batch N] [--turns N] [--seconds N] [--threads N] [--against defaults|alike|both]; cases: {Worker.Cases}; networks: {Networks.Names}");
    return 2;
}

var root = new DirectoryInfo(AppContext.BaseDirectory);
while (!File.Exists(Path.Combine(root!.FullName, "Runner.sln")))
{
    root = root.Parent;
}

var name = args[0];
var data = NetworkCase.Write(Path.Combine(root.FullName, "artifacts", "benchmarks", "torch"), name, network, int.Parse(Option("--batch", "4"), CultureInfo.InvariantCulture));
var python = Environment.GetEnvironmentVariable("PYTHON") ?? "/usr/bin/python3";
var options = $"{name} --network {network} --threads {threads} --data \"{data}\"";
var script = $"\"{Path.Combine(root.FullName, "benchmarks", "peers", "torch_worker.py")}\" {options}";
var against = Option("--against", "both");
List<Way> ways = [new("Osteon", Environment.ProcessPath!, $"{(Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? $"\"{typeof(Worker).Assembly.Location}\" " : "")}--worker {options}")];
if (against != "alike")
{
    ways.Add(new("PyTorch at its defaults", python, script));
}

if (against != "defaults")
{
    ways.Add(new("PyTorch tuned alike", python, $"{script} --alike", ("OMP_WAIT_POLICY", "PASSIVE")));
}

foreach (var way in ways)
{
    way.Start();                // one after the other: warming up together would disturb nobody's figures, but needs all the memory at once
    way.WarmUp(name.StartsWith("learn", StringComparison.Ordinal) ? 0 : 1);
}

var turns = int.Parse(Option("--turns", "5"), CultureInfo.InvariantCulture);
var seconds = int.Parse(Option("--seconds", "60"), CultureInfo.InvariantCulture);
for (var clock = Stopwatch.StartNew(); ways[0].Wall.Count < turns && clock.Elapsed.TotalSeconds < seconds;)
{
    ways.ForEach(w => w.Turn());
}

ways.ForEach(w => w.Finish());
Console.WriteLine($"{name}{(data.Length == 0 ? "" : $", {Path.GetFileNameWithoutExtension(data)}")}, {threads} threads, {ways[0].Wall.Count} turns");
foreach (var way in ways)
{
    // Medians, and Osteon's as a share of them.
    var (own, wall, processor) = (ways[0], Median(way.Wall), Median(way.Processor));
    Console.WriteLine($"{way.Name,-24} wall {wall,10:G4} s  processor {processor,10:G4} s  peak {way.Peak,6:F0} MiB"
        + (way == own ? "" : $"   Osteon / this: wall {Median(own.Wall) / wall:F2}  processor {Median(own.Processor) / processor:F2}  peak {own.Peak / way.Peak:F2}"));
    foreach (var property in way.Found.EnumerateObject().Where(p => p.Name != "peak"))
    {
        Console.WriteLine($"    {property.Name} {property.Value}");
    }
}

return 0;

static double Median(IReadOnlyList<double> values) => values.Order().ElementAt(values.Count / 2);

string Option(string option, string fallback) => Array.IndexOf(args, option) is >= 0 and var i ? args[i + 1] : fallback;
