using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Torch.Tests;

/// <summary>What happens when an allocation fails, with the process's address space cut short for a moment.</summary>
public sealed partial class OutOfMemoryTests
{
    private const long GiB = 1L << 30;
    private const int AddressSpace = 9;                             // RLIMIT_AS

    [Fact]
    public void What_was_forgotten_is_collected_and_the_call_made_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "limits the address space by setrlimit");
        using var limit = new Limit(GiB + (GiB / 2));
        Forget();
        var before = TensorMemory.ForgottenCount;
        using var second = empty([GiB], ScalarType.Byte);           // does not fit beside the first
        Assert.Equal(GiB, second.numel());
        Assert.InRange(TensorMemory.ForgottenCount, before + 1, long.MaxValue);
    }

    [Fact]
    public void What_is_held_is_not_freed_and_the_second_failure_is_the_callers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "limits the address space by setrlimit");
        using var limit = new Limit(GiB + (GiB / 2));
        using var first = empty([GiB], ScalarType.Byte);
        var error = Assert.Throws<TorchOutOfMemoryException>(() => empty([GiB], ScalarType.Byte));
        Assert.Contains("in empty.memory_format([1073741824]", error.Message, StringComparison.Ordinal);
        Assert.False(first.IsInvalid);
    }

    private static void Forget()
    {
        var thread = new Thread(() => _ = empty([GiB], ScalarType.Byte));
        thread.Start();
        thread.Join();
    }

    /// <summary>Lets the process take so many bytes more, until disposed.</summary>
    private sealed partial class Limit : IDisposable
    {
        private readonly ResourceLimit _before;

        public Limit(long more)
        {
            // What libtorch and its threads map as they start is not what is to fail.
            using (var started = zeros([1 << 16]))
            {
                started.add_(1);
            }

            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.Equal(0, getrlimit(AddressSpace, out _before));
            var now = long.Parse(File.ReadLines("/proc/self/statm").First().Split(' ')[0], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
            var cut = _before with { Soft = (ulong)(now + more) };
            Assert.Equal(0, setrlimit(AddressSpace, in cut));
        }

        public void Dispose() => Assert.Equal(0, setrlimit(AddressSpace, in _before));

        [LibraryImport("libc")]
        private static partial int getrlimit(int resource, out ResourceLimit limit);

        [LibraryImport("libc")]
        private static partial int setrlimit(int resource, in ResourceLimit limit);

        private record struct ResourceLimit(ulong Soft, ulong Hard);
    }
}
