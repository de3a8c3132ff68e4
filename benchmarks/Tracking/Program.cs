using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Osteon.Abstractions;
using Osteon.Tracking;

// What a call of IRunLog.Metric costs the thread that trains, while the background delivers: to the embedded store, to a server that
// refuses connections, and to one that takes them and never answers.
const int Warm = 20_000, Metrics = 200_000;
var silent = new TcpListener(IPAddress.Loopback, 0);
silent.Start();
var port = ((IPEndPoint)silent.LocalEndpoint).Port;
Console.Out.WriteLine("| destination | median | mean | 99 % | 99.99 % | longest |");
Console.Out.WriteLine("|---|--:|--:|--:|--:|--:|");
Measure("embedded store", folder => TrackingLocation.Resolve(folder, folder));
Measure("server that is down", folder => TrackingLocation.Resolve("http://127.0.0.1:9", folder));
Measure("server that never answers", folder => TrackingLocation.Resolve(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"), folder));

static void Measure(string name, Func<string, TrackingLocation> location)
{
    var folder = Directory.CreateTempSubdirectory("osteon-benchmark-").FullName;
    var times = new long[Metrics];
    using (var store = TrackingStore.Open(location(folder), Path.Combine(folder, "spool"), TimeProvider.System, _ => { }))
    {
        using var run = store.StartRun("benchmark", name, null, new Dictionary<string, string>());
        for (var i = -Warm; i < Metrics; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            run.Metric("val/dice/Pisiform", 1.0 / (i + Warm + 1), i);
            if (i >= 0)
            {
                times[i] = Stopwatch.GetTimestamp() - begun;
            }
        }

        run.End(RunStatus.Finished);
    }

    Directory.Delete(folder, recursive: true);
    Array.Sort(times);
    Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {At(0.5):F2} µs | {times.Average() * 1e6 / Stopwatch.Frequency:F2} µs | {At(0.99):F2} µs | {At(0.9999):F1} µs | {At(1):F0} µs |"));

    double At(double share) => times[(int)((Metrics - 1) * share)] * 1e6 / Stopwatch.Frequency;
}
