using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Tracking;

/// <summary>
/// Samples the machine every ten seconds and tells the runs that are open, under MLflow's names: system/cpu_utilization_percentage
/// and so on, the step counting samples of the run. Stops nothing and slows nothing: what is absent is left out.
/// </summary>
public sealed class SystemMonitor : IDisposable
{
    private readonly SystemSampler _sampler;
    private readonly string _prefix;
    private readonly int _samplesBeforeLogging;
    private readonly Lock _gate = new();
    private readonly Dictionary<IRunLog, long> _steps = [];
    private readonly Dictionary<string, (double Sum, int Count)> _sums = [];
    private readonly Timer _timer;
    private int _samples;
    private int _busy;

    internal SystemMonitor(SystemSampler sampler, TimeSpan interval, int samplesBeforeLogging, string node)
    {
        (_sampler, _samplesBeforeLogging) = (sampler, samplesBeforeLogging);
        _prefix = node.Length > 0 ? $"system/{node}/" : "system/";
        sampler.Sample();
        _timer = new Timer(_ => Tick(), null, interval, interval);
    }

    /// <summary>Starts, unless MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING is false.</summary>
    /// <param name="disk">A folder on the disk that is told of.</param>
    /// <param name="environment">
    /// MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL (10 s), …_SAMPLES_BEFORE_LOGGING (1: how many samples a logged mean is of) and …_NODE_ID
    /// (system/NODE/… instead of system/…) are MLflow's own.
    /// </param>
    /// <returns>Null when it is switched off.</returns>
    /// <exception cref="ConfigurationException">A variable is no number that can be.</exception>
    public static SystemMonitor? Start(string disk, Func<string, string?> environment)
    {
        if (environment("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING") is { } enabled && enabled.Trim().ToLowerInvariant() is "false" or "0")
        {
            return null;
        }

        var interval = Number("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", 10, 0.1, 86_400);
        var samples = Number("MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING", 1, 1, 100_000);
        return new SystemMonitor(new SystemSampler("/proc", disk, NvidiaSmi.Find()), TimeSpan.FromSeconds(interval), (int)samples,
            environment("MLFLOW_SYSTEM_METRICS_NODE_ID")?.Trim() ?? string.Empty);

        double Number(string name, double otherwise, double least, double most) => environment(name) is not { Length: > 0 } text ? otherwise
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value
            : throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture, $"{name}: '{text}' is not a number from {least} to {most}"));
    }

    /// <summary>Tells a run from now on.</summary>
    public void Add(IRunLog run)
    {
        lock (_gate)
        {
            _steps.TryAdd(run, 0);
        }
    }

    /// <summary>Tells it no more.</summary>
    public void Remove(IRunLog run)
    {
        lock (_gate)
        {
            _steps.Remove(run);
        }
    }

    /// <summary>Stops; a sample under way is not waited for.</summary>
    public void Dispose() => _timer.Dispose();

    /// <summary>Takes one sample, and tells the mean when there are enough.</summary>
    internal void Tick()
    {
        // A sample that takes longer than the interval is not taken twice at a time, and no run that ends waits for it.
        if (Interlocked.Exchange(ref _busy, 1) != 0)
        {
            return;
        }

        try
        {
            Tell(_sampler.Sample());
        }
        catch (Exception)
        {
            // Whatever the machine answers, it does not stop a run.
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    private void Tell(IReadOnlyList<(string Name, double Value)> sample)
    {
        lock (_gate)
        {
            if (_steps.Count == 0)
            {
                return;
            }

            foreach (var (name, value) in sample)
            {
                var (sum, count) = _sums.GetValueOrDefault(name);
                _sums[name] = (sum + value, count + 1);
            }

            if (++_samples < _samplesBeforeLogging)
            {
                return;
            }

            foreach (var run in _steps.Keys.ToArray())
            {
                foreach (var (name, (sum, count)) in _sums)
                {
                    run.Metric(_prefix + name, sum / count, _steps[run]);
                }

                _steps[run]++;
            }

            _sums.Clear();
            _samples = 0;
        }
    }
}
