using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Osteon.InferenceBenchmarks;

/// <summary>One way: a process that predicts all images when it is asked to, and tells what each turn took.</summary>
internal sealed class Way(string name, string program, string arguments, params (string Name, string Value)[] environment)
{
    private readonly List<double> _wall = [], _processor = [];
    private Process? _process;
    private JsonElement _found;

    public string Name => name;

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

    public void Print(Way own, int images) => Console.WriteLine(
        $"{name,-14} wall {_wall.Min() / images:F3} s ({own._wall.Min() / _wall.Min():F2})  processor {_processor.Min() / images:F3} s ({own._processor.Min() / _processor.Min():F2})  "
        + $"peak {_found.GetProperty("peak").GetDouble():F0} MiB  set pixels {_found.GetProperty("pixels")}  rows {_found.GetProperty("rows")}");

    private string Read() => _process!.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{name} ended early: {program} {arguments}");
}
