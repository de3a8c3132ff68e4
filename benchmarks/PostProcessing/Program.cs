using System.Diagnostics;
using System.Globalization;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Plugins.PostProcessing.Components;
using Osteon.Plugins.PostProcessing.Morphology;
using Osteon.Plugins.PostProcessing.Watershed;

// PostProcessingBenchmarks [--seconds S]: each step on the 29 masks of a 2048² image, and the watershed chain on ten of 512², one thread,
// beside the OpenCV calls in Python that give the same pixels. The two take turns, call by call, until S seconds have gone by for a
// step; a line gives the medians. Both say how many pixels are set afterwards, and these have to agree.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var place = Array.IndexOf(args, "--seconds");
var seconds = place >= 0 ? double.Parse(args[place + 1], CultureInfo.InvariantCulture) : 2;
var root = new DirectoryInfo(AppContext.BaseDirectory);
while (!File.Exists(Path.Combine(root!.FullName, "Runner.sln")))
{
    root = root.Parent;
}

var python = Environment.GetEnvironmentVariable("PYTHON") ?? "/usr/bin/python3";
using var peer = Process.Start(new ProcessStartInfo(python, [Path.Combine(root.FullName, "benchmarks", "peers", "postprocessing_cv2.py")]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
Mask[] bones = [.. Enumerable.Range(0, 29).Select(k => Blots(2048, (300 + (350 * (k % 5)), 250 + (320 * (k / 5)), 90 + (2 * k)), k))];
Mask[] cells = [.. Enumerable.Repeat(Blots(512, (100, 110, 60), 3).Union(Blots(512, (180, 170, 55), 4)).Union(Blots(512, (330, 300, 90), 5)).Union(Blots(512, (300, 420, 70), 6)), 10)];
(string Name, PostProcessor Step, Mask[] Masks)[] steps =
[
    ("LargestComponent", new LargestComponent(new LargestComponentOptions()), bones),
    ("RemoveSmallObjects", new RemoveSmallObjects(new RemoveSmallObjectsOptions()), bones),
    ("FillHoles", new FillHoles(new FillHolesOptions()), bones),
    ("Opening", new Opening(new OpeningOptions()), bones),
    ("Closing", new Closing(new ClosingOptions()), bones),
    ("Watershed", new Watershed(new WatershedOptions()), cells),
];
Console.WriteLine($"{"step",-22}{"Osteon ms",12}{"Python ms",12}{"faster",9}");
foreach (var (name, step, masks) in steps)
{
    List<double> own = [], other = [];
    var clock = Stopwatch.StartNew();
    while (clock.Elapsed.TotalSeconds < seconds || own.Count < 5)
    {
        var start = Stopwatch.GetTimestamp();
        var made = step.Process(masks);
        own.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        await peer.StandardInput.WriteLineAsync(name);
        await peer.StandardInput.FlushAsync();
        var answer = (await peer.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The peer stopped at {name}.")).Split(' ');
        other.Add(double.Parse(answer[0], CultureInfo.InvariantCulture));
        if (made.Sum(m => m.Area) != long.Parse(answer[1], CultureInfo.InvariantCulture))
        {
            throw new InvalidOperationException($"{name}: {made.Sum(m => m.Area)} pixels here, {answer[1]} there.");
        }
    }

    var (a, b) = (Median(own), Median(other));
    Console.WriteLine($"{name,-22}{a,12:F2}{b,12:F2}{b / a,8:F1}×");
}

static double Median(List<double> values)
{
    values.Sort();
    return values[values.Count / 2];
}

// A disc with holes and a hair, and specks around it; the peer draws the same.
static Mask Blots(int side, (int Row, int Column, int Radius) disc, int k)
{
    var pixels = new byte[side * side];
    for (var y = 0; y < side; y++)
    {
        for (var x = 0; x < side; x++)
        {
            var (dy, dx) = ((long)y - disc.Row, (long)x - disc.Column);
            var far = (dy * dy) + (dx * dx);
            var inside = far <= (long)disc.Radius * disc.Radius && ((y * 7) + (x * 3) + k) % 97 != 0;
            var speck = far <= 4L * disc.Radius * disc.Radius && ((y / 3 * 31) + (x / 3 * 17) + k) % 89 == 0;
            pixels[(y * side) + x] = (byte)(inside || speck ? 1 : 0);
        }
    }

    return Mask.FromDense(pixels, new Frame(side, side));
}
