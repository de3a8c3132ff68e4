using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.TorchBenchmarks;

/// <summary>Osteon's side of the protocol that torch_worker.py speaks too: `ready`, seconds of wall and processor a turn, findings at the end.</summary>
internal static class Worker
{
    public const string Cases = "add, add_, sgd, adam, adamw, train-SIZE, train-SIZE-bf16, infer-SIZE, infer-SIZE-bf16, learn-SIZE, learn-SIZE-bf16";
    private const int Calls = 20_000;

    public static bool Knows(string name) => name.Split('-') switch
    {
        ["add" or "add_" or "sgd" or "adam" or "adamw"] => true,
        ["train" or "infer" or "learn", var size, .. var rest] => int.TryParse(size, out _) && rest is [] or ["bf16"],
        _ => false,
    };

    public static void Run(string name, string network, int threads, string data)
    {
        set_num_threads(threads);
        var found = new Dictionary<string, object>();
        var work = name.Split('-')[0] switch
        {
            "add" or "add_" => Add(inPlace: name == "add_"),
            "train" => new NetworkCase(name, network, data, found).TrainingStep,
            "infer" => new NetworkCase(name, network, data, found).Inference,
            "learn" => new NetworkCase(name, network, data, found).Learning,
            _ => Update(name),
        };
        work();
        Console.WriteLine("ready");
        while (Console.ReadLine() is not null)
        {
            var (clock, busy) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            work();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds} {(Environment.CpuUsage.TotalTime - busy).TotalSeconds}"));
        }

        found["peak"] = PeakMebibytes();
        Console.WriteLine(JsonSerializer.Serialize(found));
    }

    private static Action Add(bool inPlace)
    {
        var (a, b) = (zeros(1), ones(1));
        return inPlace ? () =>
        {
            for (var i = 0; i < Calls; i++)
            {
                a.add_(b);
            }
        }
        : () =>
        {
            for (var i = 0; i < Calls; i++)
            {
                using var sum = a + b;
            }
        };
    }

    // The sizes of a ResNet-50: many small tensors, some large ones, 25 million numbers.
    private static Action Update(string name)
    {
        var parameters = ParameterSizes.ResNet50.Select(s => nn.Parameter(randn(s))).ToArray();
        foreach (var parameter in parameters)
        {
            parameter.grad = randn(parameter.shape);
        }

        optim.Optimizer optimizer = name switch
        {
            "sgd" => optim.SGD(parameters, 1e-2, momentum: 0.9),
            "adam" => optim.Adam(parameters),
            _ => optim.AdamW(parameters),
        };
        return () => optimizer.step();
    }

    private static double PeakMebibytes() => double.Parse(
        File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', '\t', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;
}
