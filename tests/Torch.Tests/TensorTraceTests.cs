using System.Diagnostics;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Osteon.Torch.Tests;

/// <summary>That a leak has a name.</summary>
public sealed class TensorTraceTests : IDisposable
{
    private const int ThreeMiB = 3 << 20;
    private static Tensor? s_kept;
    private readonly bool _before = TensorTrace.Enabled;

    public TensorTraceTests() => TensorTrace.Enabled = true;

    public void Dispose() => TensorTrace.Enabled = _before;

    [Fact]
    public void A_leaked_tensor_is_named_with_the_file_and_the_method_that_made_it()
    {
        using var leaked = Leak();
        var site = Assert.Single(TensorTrace.Live(), s => s.Method.EndsWith(nameof(Leak), StringComparison.Ordinal));
        Assert.Equal("Osteon.Torch.Tests.TensorTraceTests.Leak", site.Method);
        Assert.EndsWith("TensorTraceTests.cs", site.File, StringComparison.Ordinal);
        Assert.InRange(site.Line, 1, int.MaxValue);
        Assert.Equal((1L, (long)ThreeMiB), (site.Count, site.Bytes));
        Assert.Contains("TorchSharp.torch.zeros", site.Calls);
        Assert.Equal("Osteon.Torch.Tests.TensorTraceTests.A_leaked_tensor_is_named_with_the_file_and_the_method_that_made_it", site.Callers[0]);
        Assert.Contains("1 of 3072 KiB: Osteon.Torch.Tests.TensorTraceTests.Leak in ", TensorTrace.Report(), StringComparison.Ordinal);
        leaked.Dispose();
        Assert.DoesNotContain(TensorTrace.Live(), s => s.Method.EndsWith(nameof(Leak), StringComparison.Ordinal));
    }

    [Fact]
    public void Tensors_of_one_line_are_one_place()
    {
        using var scope = NewDisposeScope();
        for (var i = 0; i < 5; i++)
        {
            _ = ones(256);
        }

        var site = Assert.Single(TensorTrace.Live(), s => s.Method.EndsWith(nameof(Tensors_of_one_line_are_one_place), StringComparison.Ordinal));
        Assert.Equal((5L, 5L << 10), (site.Count, site.Bytes));
    }

    [Fact]
    public void A_region_tells_at_its_end_what_still_lives_of_it()
    {
        using var before = ones(1);
        IReadOnlyList<TensorSite> found = [];
        Tensor kept;
        using (TensorTrace.Watch(sites => found = sites))
        using (NewDisposeScope())
        {
            kept = (ones(2) + ones(2)).DetachFromDisposeScope();
        }

        Assert.Equal(1, Assert.Single(found).Count);
        kept.Dispose();
        using (TensorTrace.Watch(sites => found = sites))
        using (NewDisposeScope())
        {
            _ = ones(2) + ones(2);
        }

        Assert.Empty(found);
    }

    [Fact]
    public void A_tensor_left_to_the_finaliser_is_named_as_forgotten()
    {
        var before = TensorMemory.ForgottenCount;
        Forget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.InRange(TensorMemory.ForgottenCount, before + 1, long.MaxValue);
        var site = Assert.Single(TensorTrace.Forgotten(), s => s.Method.Contains(nameof(ForgetHere), StringComparison.Ordinal));
        Assert.Equal((1L, 4L << 10), (site.Count, site.Bytes));
        Assert.Matches(@"left to the finaliser[^\n]*\n(  .*\n)*  1 of 4 KiB: \S*ForgetHere", TensorTrace.Report());
    }

    [Fact]
    public void A_parameter_keeps_the_bytes_of_the_tensor_it_took_over()
    {
        using var parameter = nn.Parameter(zeros(1024));
        var site = Assert.Single(TensorTrace.Live(), s => s.Method.EndsWith(nameof(A_parameter_keeps_the_bytes_of_the_tensor_it_took_over), StringComparison.Ordinal));
        Assert.Equal((1L, 4L << 10), (site.Count, site.Bytes));
    }

    [Fact]
    public void Counts_agree_whether_a_tensor_was_made_before_tracing_or_during()
    {
        TensorTrace.Enabled = false;
        GC.Collect();                                               // what earlier tests forgot is not to go while one counts
        GC.WaitForPendingFinalizers();
        var (tensors, bytes) = (Tensor.TotalCount, TensorMemory.Bytes);
        var untraced = zeros(1024);
        Assert.DoesNotContain(TensorTrace.Live(), s => s.Method.EndsWith(nameof(Counts_agree_whether_a_tensor_was_made_before_tracing_or_during), StringComparison.Ordinal));
        TensorTrace.Enabled = true;
        var traced = zeros(1024);
        Assert.Equal((tensors + 2, bytes + (8L << 10)), (Tensor.TotalCount, TensorMemory.Bytes));
        TensorTrace.Enabled = false;
        untraced.Dispose();
        traced.Dispose();
        Assert.Equal((tensors, bytes), (Tensor.TotalCount, TensorMemory.Bytes));
    }

    [Fact]
    public void A_tensor_in_a_static_field_is_live()
    {
        s_kept ??= zeros(5 << 8);
        Assert.Contains(TensorTrace.Live(), s => s.Method.EndsWith(nameof(A_tensor_in_a_static_field_is_live), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_environment_switches_it_on_and_asks_for_a_report_at_the_end()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[.. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(TensorTraceTests).Assembly.Location] : Array.Empty<string>(), "-method", $"{typeof(TensorTraceTests).FullName}.{nameof(A_tensor_in_a_static_field_is_live)}"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["OSTEON_TORCH_TRACE"] = "1";
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var report = await child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, await output);
        Assert.Contains($"1 of 5 KiB: {typeof(TensorTraceTests).FullName}.{nameof(A_tensor_in_a_static_field_is_live)} in ", report, StringComparison.Ordinal);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor Leak() => zeros(ThreeMiB / 4);

    // A thread of its own: no register or stack slot of this one holds the tensor.
    private static void Forget()
    {
        var thread = new Thread(ForgetHere);
        thread.Start();
        thread.Join();
    }

    private static void ForgetHere() => _ = zeros(1024);
}
