using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Osteon.Benchmarks;

/// <summary>One way to do what is measured: a process that works when it is asked to, and tells what each turn took.</summary>
internal sealed class Way(string name, string program, string arguments, params (string Name, string Value)[] environment)
{
    private readonly List<double> _wall = [], _processor = [];
    private Process? _process;

    public string Name => name;

    /// <summary>Seconds of each turn.</summary>
    public IReadOnlyList<double> Wall => _wall;

    /// <summary>Seconds of processor time of each turn.</summary>
    public IReadOnlyList<double> Processor => _processor;

    /// <summary>What the process told in the end.</summary>
    public JsonElement Found { get; private set; }

    /// <summary>Its largest resident set in MiB.</summary>
    public double Peak => Found.GetProperty("peak").GetDouble();

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

    /// <summary>Turns that do not count. What runs often .NET compiles anew in its first second, on a thread that the others would share their cores with.</summary>
    public void WarmUp(double seconds)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < seconds;)
        {
            _ = Work();
        }
    }

    public void Turn()
    {
        var numbers = Work();
        _wall.Add(double.Parse(numbers[0], CultureInfo.InvariantCulture));
        _processor.Add(double.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    public void Finish()
    {
        _process!.StandardInput.Close();
        Found = JsonDocument.Parse(Read()).RootElement.Clone();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string[] Work()
    {
        _process!.StandardInput.WriteLine("turn");
        return Read().Split(' ');
    }

    private string Read() => _process!.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{name} ended early: {program} {arguments}");
}
