using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Osteon.TorchBenchmarks;

/// <summary>One way to do a case: a process that works when it is asked to, and tells what each turn took.</summary>
internal sealed class Way(string name, string program, string arguments, params (string Name, string Value)[] environment)
{
    private readonly List<double> _wall = [], _processor = [];
    private Process? _process;
    private JsonElement _found;

    public int Turns => _wall.Count;

    private double Peak => _found.GetProperty("peak").GetDouble();

    public void Start()
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        _process = Process.Start(start)!;
        if (Read() != "ready")
        {
            throw new InvalidOperationException($"{name} did not start.");
        }
    }

    public void Turn()
    {
        _process!.StandardInput.WriteLine("turn");
        var numbers = Read().Split(' ');
        _wall.Add(double.Parse(numbers[0], CultureInfo.InvariantCulture));
        _processor.Add(double.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    public void Finish()
    {
        _process!.StandardInput.Close();
        _found = JsonDocument.Parse(Read()).RootElement.Clone();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Medians, and Osteon's as a share of them.</summary>
    public void Print(Way own)
    {
        Console.WriteLine($"{name,-24} wall {Median(_wall),10:G4} s  processor {Median(_processor),10:G4} s  peak {Peak,6:F0} MiB"
            + (this == own ? "" : $"   Osteon / this: wall {Median(own._wall) / Median(_wall):F2}  processor {Median(own._processor) / Median(_processor):F2}  peak {own.Peak / Peak:F2}"));
        foreach (var property in _found.EnumerateObject().Where(p => p.Name != "peak"))
        {
            Console.WriteLine($"    {property.Name} {property.Value}");
        }
    }

    private string Read() => _process!.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{name} ended early: {program} {arguments}");

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
