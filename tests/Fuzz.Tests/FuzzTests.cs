using System.Diagnostics;
using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Fuzz.Tests;

/// <summary>
/// Damaged files end in data or in an error that names file and cause; never in another exception, never in a process that is gone,
/// and within bounds of memory and time. OSTEON_FUZZ says how many files a format (100 when unset), OSTEON_FUZZ_SEED which, and
/// OSTEON_FUZZ_FORMATS of which formats (all when unset), e.g. png,jpeg.
/// </summary>
public sealed class FuzzTests
{
    private static readonly int Files = int.Parse(Environment.GetEnvironmentVariable("OSTEON_FUZZ") ?? "100", CultureInfo.InvariantCulture);
    private static readonly long Seed = long.Parse(Environment.GetEnvironmentVariable("OSTEON_FUZZ_SEED") ?? "1", CultureInfo.InvariantCulture);

    // No seed has more than 100 kB; a header that asks for more than this for one of them was believed.
    private const long MostAllocated = 1L << 30;

    // Of processor time: the machine may be busy.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly string[] Chosen = (Environment.GetEnvironmentVariable("OSTEON_FUZZ_FORMATS") ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries);

    public static TheoryData<string> Formats => [.. Corpus.All.Select(target => target.Name).Where(name => Chosen.Length == 0 || Chosen.Contains(name))];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Damaged_files_end_in_data_or_in_an_error_that_names_them(string format)
    {
        var target = Corpus.All.Single(t => t.Name == format);
        byte[][] seeds = [.. target.Seeds()];
        Assert.SkipWhen(seeds.Length == 0, "needs ../shared/data, which this checkout does not have beside it");
        var folder = Directory.CreateTempSubdirectory("osteon-fuzz-").FullName;
        try
        {
            var (data, errors, broken, faults) = (0, 0, 0, new List<string>());
            var count = Files >= 10_000 ? Files : Math.Max(1, Files / target.Costs);
            for (var i = 0; i < count; i++)
            {
                var random = RandomStream.For(Seed, "fuzz", format, i);
                var path = Path.Combine(folder, target.File);
                File.WriteAllBytes(path, target.Pack(Mutation.Of(seeds[random.NextInt(seeds.Length)], ref random)));
                if (Fault(target, path, ref data, ref errors, ref broken) is { } fault)
                {
                    faults.Add($"{format} {i}: {fault}");
                    File.Copy(path, Path.Combine(Path.GetTempPath(), $"osteon-fuzz-{format}-{i}{Path.GetExtension(path)}"), overwrite: true);
                }
            }

            TestContext.Current.TestOutputHelper?.WriteLine($"{format}: {count} files of {seeds.Length} seeds, {data} read, {errors} refused (in {broken} of them the decoder broke), {faults.Count} faults");
            Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults.Take(20)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Whole_files_are_read(string format)
    {
        var target = Corpus.All.Single(t => t.Name == format);
        Assert.SkipWhen(!target.Seeds().Any(), "needs ../shared/data, which this checkout does not have beside it");
        var folder = Directory.CreateTempSubdirectory("osteon-fuzz-").FullName;
        try
        {
            var path = Path.Combine(folder, target.File);
            File.WriteAllBytes(path, target.Pack([.. target.Seeds().First()]));
            target.Read(path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? Fault(Target target, string path, ref int data, ref int errors, ref int broken)
    {
        var (allocated, watch) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
        var before = Process.GetCurrentProcess().UserProcessorTime;
        string? fault = null;
        try
        {
            target.Read(path);
            data++;
        }
        catch (ConfigurationException e) when (e.Message.Contains(Path.GetFileName(path), StringComparison.Ordinal))
        {
            errors++;
            broken += e.Message.Contains("broke the decoder", StringComparison.Ordinal) ? 1 : 0;
        }
        catch (Exception e)
        {
            fault = e.ToString().Replace(Environment.NewLine, " | ", StringComparison.Ordinal);
        }

        var used = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return fault
            ?? (used > MostAllocated ? $"{used:N0} bytes were allocated" : null)
            ?? (watch.Elapsed > Patience && Process.GetCurrentProcess().UserProcessorTime - before > Patience ? $"it took {watch.Elapsed}" : null);
    }
}
