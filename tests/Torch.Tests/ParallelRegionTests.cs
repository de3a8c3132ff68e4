using System.Globalization;
using System.Security.Cryptography;
using Osteon.Testing;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch.Tests;

/// <summary>The bridge's teams in libgomp's place: the same shares, from many owners at once, on free and on crowded cores.</summary>
public sealed class ParallelRegionTests
{
    private static readonly int[] s_threads = [1, 2, 3, 5];

    [Fact]
    public void Teams_run_them_unless_somebody_tunes_OpenMP()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("LIBTORCH") is { Length: > 0 }, "a libtorch of one's own may need more of OpenMP");
        var tuned = Environment.GetEnvironmentVariables().Keys.Cast<string>().Any(k => k.StartsWith("GOMP_", StringComparison.Ordinal) || (k.StartsWith("OMP_", StringComparison.Ordinal) && k != "OMP_NUM_THREADS"));
        Assert.Equal(!tuned, ParallelRegions.RunByTeams);
    }

    [Fact]
    public void The_bits_are_those_of_libgomp()
    {
        var theirs = PythonPeer.Run("tests/Torch.Tests/Golden/run_parallel.py", [.. s_threads.Select(n => n.ToString(CultureInfo.InvariantCulture))]);
        Assert.Equal(theirs.Split('\n', StringSplitOptions.RemoveEmptyEntries), s_threads.Select(Digests));
    }

    [Fact]
    public void Many_owners_compute_at_once_and_their_workers_end_with_them()
    {
        var expected = Digests(3);
        var before = Workers();                                             // this thread's own too
        Assert.All(OnThreads(8, () => Enumerable.Range(0, 5).Select(_ => Digests(3)).ToArray()).SelectMany(d => d), d => Assert.Equal(expected, d));
        // A thread that has ended for .NET still has its native end before it.
        Assert.True(SpinWait.SpinUntil(() => Workers() <= before, TimeSpan.FromSeconds(20)), $"{Workers()} workers, {before} before");
    }

    [Fact]
    public void On_crowded_cores_the_bits_are_the_same()
    {
        var expected = Digests(3);
        using var done = new CancellationTokenSource();
        var crowd = Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => new Thread(() => { while (!done.IsCancellationRequested) { } })).ToArray();
        Array.ForEach(crowd, t => t.Start());
        var found = Enumerable.Range(0, 5).Select(_ => Digests(3)).ToArray();
        done.Cancel();
        Array.ForEach(crowd, t => t.Join());
        Assert.All(found, d => Assert.Equal(expected, d));
    }

    private static string Digests(int threads)
    {
        using var scope = NewDisposeScope();
        var before = get_num_threads();
        set_num_threads(threads);
        try
        {
            using var image = Wave(2, 24, 40, 44).contiguous(channels_last).requires_grad_();
            Tensor[] weights = [.. new long[][] { [48, 24, 5, 5], [48, 1, 3, 3], [10, 48, 1, 1], [48], [48] }.Select(s => Wave(s).requires_grad_())];
            var x = functional.conv2d(image, weights[0], padding: [2, 2]);
            x = functional.batch_norm(x, null, null, weights[3], weights[4], training: true);
            x = functional.hardtanh(functional.conv2d(x, weights[1], padding: [1, 1], groups: 48), 0, 6);
            x = functional.softmax(functional.conv2d(x, weights[2]), 1);
            x.square().sum().backward();
            return string.Join(' ', weights.Select(w => w.grad!).Prepend(image.grad!).Prepend(x).Select(Digest));
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private static string Digest(Tensor tensor) => Convert.ToHexStringLower(SHA256.HashData(tensor.detach().contiguous().bytes))[..16];

    private static Tensor Wave(params long[] shape) => arange(shape.Aggregate(1L, (a, b) => a * b), dtype: ScalarType.Float64).mul(0.7).sin().to(ScalarType.Float32).reshape(shape);

    private static int Workers() => Directory.EnumerateDirectories("/proc/self/task").Count(IsWorker);

    private static bool IsWorker(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).Trim() == "parallel";
        }
        catch (IOException)
        {
            return false;                                                   // it has ended since
        }
    }

    private static T[] OnThreads<T>(int count, Func<T> work)
    {
        var results = new T[count];
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() => results[i] = work())).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        return results;
    }
}
