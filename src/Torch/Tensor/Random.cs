using Osteon.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Seeds the process's generators, of the CPU and of each GPU.</summary>
    public static Generator manual_seed(long seed)
    {
        Native.Check(NativeMethods.osteon_manual_seed((ulong)seed));
        return Generator.Default;
    }

    /// <summary>The process's generator of the CPU. All threads draw from it: what must repeat draws from its own.</summary>
    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        /// <summary>The state as bytes; libtorch's format, the one Python's torch has.</summary>
        public static Tensor get_rng_state() => Generator.Default.get_state();

        public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);
    }

    /// <summary>A stream of random numbers, seeded and kept apart from the process's.</summary>
    public sealed unsafe class Generator : IDisposable
    {
        private nint _handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            nint made;
            Native.Check(NativeMethods.osteon_generator_new((device ?? CPU).Packed, seed, &made));
            _handle = made;
        }

        private Generator(nint handle) => _handle = handle;

        ~Generator() => Release();

        internal static Generator Default { get; } = OfProcess();

        internal nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));

        public long initial_seed()
        {
            ulong seed;
            Native.Check(NativeMethods.osteon_generator_initial_seed(Handle, &seed));
            GC.KeepAlive(this);
            return (long)seed;
        }

        public Generator manual_seed(long seed)
        {
            Native.Check(NativeMethods.osteon_generator_seed(Handle, (ulong)seed));
            GC.KeepAlive(this);
            return this;
        }

        /// <summary>The state as a byte tensor.</summary>
        public Tensor get_state()
        {
            nint state;
            Native.Check(NativeMethods.osteon_generator_get_state(Handle, &state));
            GC.KeepAlive(this);
            return Tensor.Own(state);
        }

        public void set_state(Tensor value)
        {
            Native.Check(NativeMethods.osteon_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(this);
            GC.KeepAlive(value);
        }

        public void Dispose()
        {
            Release();
            GC.SuppressFinalize(this);
        }

        private static Generator OfProcess()
        {
            nint found;
            Native.Check(NativeMethods.osteon_generator_default(CPU.Packed, &found));
            return new Generator(found);
        }

        private void Release()
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0)
            {
                _ = NativeMethods.osteon_generator_free(handle);
            }
        }
    }
}
