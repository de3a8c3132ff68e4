using Osteon.Abstractions;

namespace Osteon.Tracking.Tests;

public sealed class MonitoringTests : IDisposable
{
    private readonly TrackingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Samples_are_what_proc_says_in_mlflows_units()
    {
        Proc(cpu: "100 0 100 700 100 0 0 0 9 9", received: 5_000_000, sent: 1_000_000);
        var sampler = new SystemSampler(_folder.Path, _folder.Path, null);
        Assert.DoesNotContain(sampler.Sample(), s => s.Name == "cpu_utilization_percentage");

        // Of 200 jiffies more, 50 were idle and none waited: three quarters were busy.
        Proc(cpu: "200 0 150 750 100 0 0 0 9 9", received: 7_500_000, sent: 1_000_000);
        var second = sampler.Sample().ToDictionary(s => s.Name, s => s.Value);
        Assert.Equal(75, second["cpu_utilization_percentage"]);
        Assert.Equal(Math.Round((16e6 - 4e6) * 1024 / 1e6), second["system_memory_usage_megabytes"]);
        Assert.Equal(75, second["system_memory_usage_percentage"]);
        Assert.Equal((2.5, 0), (second["network_receive_megabytes"], second["network_transmit_megabytes"]));
        Assert.InRange(second["disk_usage_percentage"], 0, 100);
        Assert.True(second["disk_available_megabytes"] > 0);
    }

    [Fact]
    public void Where_there_is_no_proc_its_metrics_are_absent() =>
        Assert.All(new SystemSampler(Path.Combine(_folder.Path, "absent"), _folder.Path, null).Sample(), s => Assert.StartsWith("disk_", s.Name, StringComparison.Ordinal));

    [Fact]
    public void Gpus_are_told_of_as_nvidias_program_says()
    {
        Program("echo '0, 37, 1000, 80000, 250.50, 700.00'; echo '1, 0, 0, 80000, [N/A], [N/A]'");
        var gpus = NvidiaSmi.Find(_folder.Path)!.Sample().ToDictionary(s => s.Name, s => s.Value);
        Assert.Equal(37, gpus["gpu_0_utilization_percentage"]);
        Assert.Equal(1049, gpus["gpu_0_memory_usage_megabytes"]);
        Assert.Equal(1.2, gpus["gpu_0_memory_usage_percentage"]);
        Assert.Equal(250.5, gpus["gpu_0_power_usage_watts"]);
        Assert.Equal(35.8, gpus["gpu_0_power_usage_percentage"]);
        Assert.Equal(0, gpus["gpu_1_memory_usage_megabytes"]);
        Assert.DoesNotContain("gpu_1_power_usage_watts", gpus.Keys);
    }

    [Fact]
    public void A_gpu_program_that_fails_or_is_absent_is_no_gpu()
    {
        Assert.Null(NvidiaSmi.Find(_folder.Path));
        Program("echo 'Failed to initialize NVML'; exit 9");
        Assert.Empty(NvidiaSmi.Find(_folder.Path)!.Sample());
    }

    [Fact]
    public void Each_run_counts_its_own_samples_and_hears_their_mean()
    {
        Proc("100 0 100 700 100 0 0 0 0 0", 0, 0);
        var (first, second) = (new Heard(), new Heard());
        using var monitor = new SystemMonitor(new SystemSampler(_folder.Path, _folder.Path, null), TimeSpan.FromHours(1), 2, "node-7");
        monitor.Add(first);
        foreach (var busy in new[] { 150, 250, 250, 250 })
        {
            Proc($"{busy} 0 100 {1000 - busy} 0 0 0 0 0 0", 0, 0);
            monitor.Tick();
            if (busy == 250)
            {
                monitor.Add(second);
            }
        }

        Assert.Equal([0, 1], first.Steps("system/node-7/system_memory_usage_percentage"));
        Assert.Equal([0], second.Steps("system/node-7/system_memory_usage_percentage"));
    }

    [Fact]
    public void It_can_be_switched_off_and_wrong_numbers_are_refused()
    {
        Assert.Null(SystemMonitor.Start("/", name => name == "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING" ? "false" : null));
        Assert.Throws<ConfigurationException>(() => SystemMonitor.Start("/", name => name == "MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL" ? "soon" : null));
    }

    [Fact]
    public void A_machine_has_a_processor_and_an_instruction_set()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "cpuinfo"), "processor\t: 0\nmodel name\t: AMD EPYC 9R14\nflags\t: avx2\n");
        var facts = MachineFacts.Read(_folder.Path);
        Assert.Equal("AMD EPYC 9R14", facts["cpu"]);
        Assert.Equal(Environment.ProcessorCount.ToString(System.Globalization.CultureInfo.InvariantCulture), facts["cores"]);
        Assert.NotEmpty(facts["isa"]);
    }

    private void Program(string script)
    {
        var path = Path.Combine(_folder.Path, "nvidia-smi");
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private void Proc(string cpu, long received, long sent)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "net"));
        File.WriteAllText(Path.Combine(_folder.Path, "stat"), $"cpu  {cpu}\ncpu0 {cpu}\nbtime 1\n");
        File.WriteAllText(Path.Combine(_folder.Path, "meminfo"), "MemTotal:       16000000 kB\nMemFree:  1000 kB\nMemAvailable:    4000000 kB\n");
        File.WriteAllText(Path.Combine(_folder.Path, "net", "dev"),
            $"Inter-|   Receive                                                |  Transmit\n face |bytes    packets\n  eth0: {received} 1 0 0 0 0 0 0 {sent} 1 0 0 0 0 0 0\n");
    }

    private sealed class Heard : IRunLog
    {
        private readonly List<(string Key, long Step)> _metrics = [];

        public string RunId => "";

        public long[] Steps(string key) => [.. _metrics.Where(m => m.Key == key).Select(m => m.Step)];

        public void Param(string key, string value)
        {
        }

        public void Metric(string key, double value, long step = 0) => _metrics.Add((key, step));

        public void Tag(string key, string value)
        {
        }

        public void Artifact(string file, string folder = "")
        {
        }
    }
}
