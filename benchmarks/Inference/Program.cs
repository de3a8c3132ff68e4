using System.Globalization;
using Osteon.Abstractions;
using Osteon.Benchmarks;
using Osteon.InferenceBenchmarks;

// InferenceBenchmarks [--images N] [--turns N] [--threads N] [--precision fp32|bf16] [--stored SIDE] [--window SIDE] [--flips horizontal,vertical]
// [--scales 0.75,1,1.25] [--members N] [--only NAMES]: from PNG files of 2048² to a submission of 29 classes, by a
// U-Net over ResNet-18 at 1024², or at --stored; of several members probabilities vote. With --worker --data artifacts/benchmarks/inference --parts: what each step takes. Each way is a process of its own, so that its peak memory is its own; they take turns.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var (images, threads, precision) = (int.Parse(Option("--images", "3"), CultureInfo.InvariantCulture), Option("--threads", "2"), Option("--precision", "fp32"));
if (args.Length > 0 && args[0] == "--worker")
{
    var tta = Option("--flips", "").Length > 0 || Option("--scales", "1") != "1";
    Worker.Run(Option("--data", ""), int.Parse(threads, CultureInfo.InvariantCulture), args.Contains("--fuse"), args.Contains("--parts"), Number("--stored", Fixture.Stored), Number("--members", 1), new InferPlan
    {
        Precision = precision == "bf16" ? Precision.Bf16 : Precision.Fp32,
        Window = Number("--window", 0),
        Tta = !tta ? null : new TtaPlan
        {
            Flips = [.. Option("--flips", "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => Enum.Parse<FlipAxis>(name, ignoreCase: true))],
            Scales = [.. Option("--scales", "1").Split(',').Select(scale => double.Parse(scale, CultureInfo.InvariantCulture))],
        },
    });
    return 0;
}

var root = new DirectoryInfo(AppContext.BaseDirectory);
while (!File.Exists(Path.Combine(root!.FullName, "Runner.sln")))
{
    root = root.Parent;
}

var data = Fixture.Write(Path.Combine(root.FullName, "artifacts", "benchmarks", "inference"), images);
var python = Environment.GetEnvironmentVariable("PYTHON") ?? "/usr/bin/python3";
var script = $"\"{Path.Combine(root.FullName, "benchmarks", "peers", "infer_torch.py")}\" --data \"{data}\" --threads {threads}";
var own = $"\"{typeof(Worker).Assembly.Location}\" --worker --data \"{data}\" --threads {threads} --precision {precision} "
    + string.Join(' ', new[] { "--stored", "--window", "--flips", "--scales", "--members" }.Where(args.Contains).Select(option => $"{option} {Option(option, "")}"));
var only = Option("--only", "");
Way[] ways = [.. new Way[]
{
    new("Osteon, fuse", "dotnet", $"{own} --fuse"),
    new("Osteon", "dotnet", own),
    new("Python tuned", python, $"{script} --tuned", ("OMP_WAIT_POLICY", "PASSIVE")),
    new("Python", python, script),
}.Where(w => only.Length == 0 || only.Split(',').Contains(w.Name))];
foreach (var way in ways)
{
    way.Start();
}

var turns = int.Parse(Option("--turns", "3"), CultureInfo.InvariantCulture);
for (var turn = 0; turn < turns; turn++)
{
    foreach (var way in ways)
    {
        way.Turn();
    }
}

foreach (var way in ways)
{
    way.Finish();
}

Console.WriteLine($"{images} images a turn, {threads} threads, {turns} turns; seconds an image: the fastest turn");
foreach (var way in ways)
{
    var (wall, processor) = (way.Wall.Min(), way.Processor.Min());
    Console.WriteLine(
        $"{way.Name,-14} wall {wall / images:F3} s ({ways[0].Wall.Min() / wall:F2})  processor {processor / images:F3} s ({ways[0].Processor.Min() / processor:F2})  "
        + $"peak {way.Peak:F0} MiB  set pixels {way.Found.GetProperty("pixels")}  rows {way.Found.GetProperty("rows")}");
}

return 0;

int Number(string option, int fallback) => int.Parse(Option(option, fallback.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

string Option(string option, string fallback) => Array.IndexOf(args, option) is >= 0 and var i ? args[i + 1] : fallback;
