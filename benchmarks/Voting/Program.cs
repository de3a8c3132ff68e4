using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Osteon.Masks;
using Osteon.Voting;

// Voting [--repeat N] [--slice ROWS] [--no-peers]: hard vote against the two ways Python does it, then masks by themselves.
// Each line gives the median of its runs, and the processor time of both threads or processes together, which other work on
// the machine disturbs least. Reading and writing are in; syncing to disk only where the line says so.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var repeat = Option("--repeat", 9);
var slice = Option("--slice", 200);
var root = new DirectoryInfo(AppContext.BaseDirectory);
while (!File.Exists(Path.Combine(root!.FullName, "Runner.sln")))
{
    root = root.Parent;
}

var folder = Path.Combine(root.FullName, "artifacts", "benchmarks", "voting");
var members = SyntheticSubmissions.Write(folder, members: 5);
var rows = SyntheticSubmissions.Images * SyntheticSubmissions.Classes;
var output = Path.Combine(folder, "osteon.csv");
Console.WriteLine($"{members.Length} files, {rows} rows of 2048², {members.Sum(m => new FileInfo(m).Length) / 1e6:F1} MB; {Environment.ProcessorCount} processors");

// The ways take turns, so that what else the machine does falls on all of them alike.
var peers = !args.Contains("--no-peers");
List<Cost> two = [], one = [], synced = [], sweep = [], sweeps = [];
for (var round = 0; round < repeat; round++)
{
    two.Add(Vote(threads: 2, synced: false));
    one.Add(Vote(threads: 1, synced: false));
    synced.Add(Vote(threads: 2, synced: true));
    if (peers)
    {
        sweep.Add(Peer("vote_numpy.py", "numpy.csv", "--processes 1"));
        sweeps.Add(Peer("vote_numpy.py", "numpy.csv", "--processes 2"));
    }
}

var own = Median(two);
Show("Osteon, 2 threads", own, "");
Show("Osteon, 2 threads, first call (with JIT)", two[0], "");
Show("Osteon, 1 thread", Median(one), "");
Show("Osteon, 2 threads, synced to disk", Median(synced), "");
if (peers)
{
    var same = Digest(output) == Digest(InFolder("numpy.csv")) ? "same bytes" : "OTHER BYTES";
    Show("NumPy sweep, 1 process", Median(sweep), same);
    Show("NumPy sweep, 2 processes", Median(sweeps), same);
    var loop = Peer("vote_pandas.py", "pandas.csv", $"--rows {slice}");
    var alike = File.ReadAllBytes(output).AsSpan().StartsWith(File.ReadAllBytes(InFolder("pandas.csv")));
    var scale = (double)rows / slice;
    Show($"pandas loop, {slice} rows × {scale:F1}", new Cost(loop.Seconds * scale, loop.Cpu * scale), alike ? "same bytes on its rows" : "OTHER BYTES");
}

MaskTimings.Print();

Cost Vote(int threads, bool synced)
{
    var (clock, busy) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
    using (var stream = new FileStream(output, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1))
    {
        HardVote.Run(members, stream, new HardVoteOptions { Threads = threads });
        stream.Flush(flushToDisk: synced);
    }

    return new Cost(clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - busy).TotalSeconds);
}

Cost Peer(string script, string result, string options)
{
    var python = Environment.GetEnvironmentVariable("PYTHON") ?? "/usr/bin/python3";
    var path = Path.Combine(root.FullName, "benchmarks", "peers", script);
    var start = new ProcessStartInfo(python, $"\"{path}\" {options} --out \"{InFolder(result)}\" \"{string.Join("\" \"", members)}\"") { RedirectStandardOutput = true };
    using var process = Process.Start(start)!;
    var text = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return process.ExitCode == 0 ? JsonSerializer.Deserialize<Cost>(text, JsonSerializerOptions.Web)! : throw new InvalidOperationException($"{script} failed");
}

void Show(string name, Cost cost, string remark) => Console.WriteLine(
    $"{name,-42} {cost.Seconds,8:F3} s {cost.Seconds / own.Seconds,8:F1}×   processor {cost.Cpu,8:F3} s {cost.Cpu / own.Cpu,8:F1}×   {rows / cost.Seconds,8:N0} rows/s  {remark}");

int Option(string name, int fallback) => Array.IndexOf(args, name) is >= 0 and var i ? int.Parse(args[i + 1], CultureInfo.InvariantCulture) : fallback;

string InFolder(string name) => Path.Combine(folder, name);

static Cost Median(List<Cost> costs) => new(
    costs.Select(c => c.Seconds).Order().ElementAt(costs.Count / 2), costs.Select(c => c.Cpu).Order().ElementAt(costs.Count / 2));

static string Digest(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));

internal sealed record Cost(double Seconds, double Cpu);
