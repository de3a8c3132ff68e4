using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Inference;
using Osteon.Masks;
using Osteon.Runner;
using Osteon.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.InferenceBenchmarks;

/// <summary>Osteon's side: `ready`, seconds of wall and processor a turn, findings at the end.</summary>
internal static class Worker
{
    public static void Run(string data, int threads, bool fuse, bool parts, int side, int members, InferPlan plan)
    {
        set_num_threads(threads);
        Determinism.UseDeterministicAlgorithms();
        Predictor[] predictors = [.. Enumerable.Range(0, members).Select(_ => Load(data, fuse, plan))];
        var files = Fixture.Images(data);
        var stored = new Frame(side, side);
        var (pixels, rows) = (0L, 0);
        void Turn()
        {
            (pixels, rows) = (0, 0);
            using var file = File.Create(Path.Combine(data, $"osteon-{fuse}.csv"));
            using var writer = new SubmissionWriter(file);
            Pipeline.Run(
                files.Count,
                i =>
                {
                    var image = ImageFile.ReadGray(files[i]);
                    return (image.Frame, Small: Resize.Area(image, stored));
                },
                (i, read) =>
                {
                    if (members == 1)
                    {
                        return (read.Frame, Logits: (LogitPlanes?)predictors[0].Logits(read.Small), Vote: (CaseVote?)null);
                    }

                    // As a folder of images is voted on.
                    var planes = new List<ProbabilityPlanes>();
                    foreach (var predictor in predictors)
                    {
                        using var logits = predictor.Logits(read.Small);
                        planes.Add(ProbabilityPlanes.Of(logits, LabelMode.Multilabel));
                    }

                    return (read.Frame, Logits: (LogitPlanes?)null, Vote: (CaseVote?)new SoftCaseVote(planes, [.. planes.Select(p => Enumerable.Repeat(0.5, p.Classes).ToArray())], read.Frame, LabelMode.Multilabel));
                },
                (i, done) =>
                {
                    using var logits = done.Logits;
                    foreach (var (mask, k) in (done.Vote?.With([.. predictors.Select(_ => 1.0)]) ?? predictors[0].Masks(logits!, done.Frame)).Select((mask, k) => (mask, k)))
                    {
                        writer.Write(files[i], $"class-{k}", mask);
                        pixels += mask.Area;
                        rows++;
                    }
                },
                CancellationToken.None,
                lean: members > 1 || plan.Window > 0 || plan.Tta is not null);
        }

        Turn();
        if (parts)
        {
            TellParts(files[0], stored, predictors[0]);
            return;
        }

        Console.WriteLine("ready");
        while (Console.ReadLine() is not null)
        {
            var (clock, busy) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            Turn();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds} {(Environment.CpuUsage.TotalTime - busy).TotalSeconds}"));
        }

        var peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        Console.WriteLine(JsonSerializer.Serialize(new { peak = double.Parse(peak, CultureInfo.InvariantCulture) / 1024, pixels, rows }));
    }

    private static Predictor Load(string data, bool fuse, InferPlan plan)
    {
        var network = Fixture.Build();
        Models.Weights.Load(network, Fixture.WeightsPath(data));
        if (fuse)
        {
            Fusion.Fold(network, Fixture.Channels);
        }

        network.to_channels_last();
        return new Predictor(network, LabelMode.Multilabel, Fixture.Channels, network.Sizes, plan, CPU);
    }

    private static void TellParts(string file, Frame stored, Predictor predictor)
    {
        for (var turn = 0; turn < 5; turn++)
        {
            var start = Environment.CpuUsage.TotalTime;
            double Lap()
            {
                var passed = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
                start = Environment.CpuUsage.TotalTime;
                return passed;
            }

            var image = ImageFile.ReadGray(file);
            var small = Resize.Area(image, stored);
            var read = Lap();
            using var logits = predictor.Logits(small);
            var network = Lap();
            var masks = predictor.Masks(logits, image.Frame);
            var judged = Lap();
            using var csv = new MemoryStream();
            using (var writer = new SubmissionWriter(csv))
            {
                for (var k = 0; k < masks.Count; k++)
                {
                    writer.Write(file, $"class-{k}", masks[k]);
                }
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"processor seconds: read {read:F3}, logits {network:F3}, masks {judged:F3}, write {Lap():F3}"));
        }
    }
}
