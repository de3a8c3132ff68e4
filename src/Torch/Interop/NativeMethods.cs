using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace Osteon.Torch.Interop;

/// <summary>The bridge's exports, one line each. Less than 0 is an error; <see cref="Native"/> turns it into an exception.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "osteon_torch";
    private const int AbiVersion = 7;

    static NativeMethods() =>
        NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, static (name, _, _) => name == Library ? Start(Find()) : 0);

    /// <summary>Whether the bridge's teams run parallel regions, and not libgomp; known once anything was called.</summary>
    internal static bool HasTeams { get; private set; }

    private static string Find()
    {
        var file = $"lib{Library}.so";
        string[] places = [Path.GetDirectoryName(typeof(NativeMethods).Assembly.Location) ?? string.Empty, AppContext.BaseDirectory];
        return places.Select(p => Path.Combine(p, file)).FirstOrDefault(File.Exists)
            ?? throw new DllNotFoundException($"{file} is not in {AppContext.BaseDirectory}; run ./build.sh, which compiles it");
    }

    /// <summary>Loads and starts the bridge, before anything calls it. By pointer: an import would come back here.</summary>
    private static nint Start(string path)
    {
        // Idle OpenMP threads that spin make a busy machine several times slower; ones that sleep are woken too late for a network
        // of small layers. The bridge's teams look which is better. Where libgomp stays, its threads spin for some microseconds; it reads
        // this when it is loaded, and .NET's own SetEnvironmentVariable never reaches the C environment.
        var tuned = Environment.GetEnvironmentVariables().Keys.Cast<string>().Any(k => k.StartsWith("GOMP_", StringComparison.Ordinal) || (k.StartsWith("OMP_", StringComparison.Ordinal) && k != "OMP_NUM_THREADS"));
        _ = setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
        _ = setenv("GOMP_SPINCOUNT", "1000", 0);
        // Without a workspace of its own for each stream, cuBLAS may add partial products in another order each time.
        _ = setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
        var library = NativeLibrary.Load(path);
        if (((delegate* unmanaged<int>)NativeLibrary.GetExport(library, "osteon_abi"))() != AbiVersion)
        {
            throw new DllNotFoundException($"{path} was built from other sources than this assembly; run ./build.sh");
        }

        if (((delegate* unmanaged<int>)NativeLibrary.GetExport(library, "osteon_initialize"))() < 0)
        {
            throw new DllNotFoundException($"{path} cannot start libtorch");
        }

        // Who tunes OpenMP by its own variables gets libgomp, which knows them.
        HasTeams = !tuned && ((delegate* unmanaged<int>)NativeLibrary.GetExport(library, "osteon_start_teams"))() > 0;
        return library;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport(Library)] internal static partial byte* osteon_torch_version();
    [LibraryImport(Library)] internal static partial byte* osteon_last_error();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int osteon_operator(string name, string overload, nint* result);
    [LibraryImport(Library)] internal static partial byte* osteon_operator_schema(nint op);
    [LibraryImport(Library)] internal static partial int osteon_call(nint op, NativeValue* arguments, int count, NativeValue* results, int capacity);
    [LibraryImport(Library)] internal static partial int osteon_item(nint tensor, NativeValue* result);

    [LibraryImport(Library)] internal static partial int osteon_tensor_free(nint tensor);
    [LibraryImport(Library)] internal static partial int osteon_tensor_retain(nint tensor, nint* result);
    [LibraryImport(Library)] internal static partial int osteon_tensor_info(nint tensor, TensorInfo* info);
    [LibraryImport(Library)] internal static partial int osteon_tensor_sizes(nint tensor, long* sizes, int capacity);
    [LibraryImport(Library)] internal static partial int osteon_tensor_strides(nint tensor, long* strides, int capacity);
    [LibraryImport(Library)] internal static partial int osteon_tensor_data(nint tensor, nint* data);
    [LibraryImport(Library)]
    internal static partial int osteon_tensor_from_memory(nint data, long* sizes, int dimensions, int dtype, delegate* unmanaged[Cdecl]<nint, void> release, nint context, nint* result);

    [LibraryImport(Library)] internal static partial int osteon_set_requires_grad(nint tensor, int on);
    [LibraryImport(Library)] internal static partial int osteon_grad(nint tensor, nint* result);
    [LibraryImport(Library)] internal static partial int osteon_set_grad(nint tensor, nint grad);
    [LibraryImport(Library)] internal static partial int osteon_set_data(nint tensor, nint data);
    [LibraryImport(Library)]
    internal static partial int osteon_backward(nint* outputs, nint* gradients, int count, nint* inputs, int inputCount, int retainGraph, int createGraph);
    [LibraryImport(Library)]
    internal static partial int osteon_gradients(nint* outputs, nint* gradients, int count, nint* inputs, int inputCount, int retainGraph, int createGraph, int allowUnused, nint* results);
    [LibraryImport(Library)]
    internal static partial int osteon_separable(nint input, nint output, long* axes, nint* indices, nint* weights, int count, nint* result);
    [LibraryImport(Library)] internal static partial int osteon_fused_convolution(ConvolutionCall* call, NativeValue* result);
    [LibraryImport(Library)] internal static partial int osteon_aligned(nint tensor, nint* result);
    [LibraryImport(Library)] internal static partial int osteon_grad_mode(int set);
    [LibraryImport(Library)] internal static partial int osteon_inference_enter(int on, nint* result);
    [LibraryImport(Library)] internal static partial int osteon_inference_exit(nint mode);
    [LibraryImport(Library)] internal static partial int osteon_autocast(int deviceType, int on, int dtype);
    [LibraryImport(Library)] internal static partial int osteon_autocast_nesting(int delta);

    [LibraryImport(Library)] internal static partial int osteon_adam(nint parameter, nint gradient, nint mean, nint square, AdamStep* step);
    [LibraryImport(Library)] internal static partial int osteon_momentum(nint parameter, nint gradient, nint velocity, MomentumStep* step);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int osteon_script_load(string path, long device, int hasDevice, nint* result);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int osteon_script_save(nint module, string path);
    [LibraryImport(Library)] internal static partial int osteon_script_free(nint module);
    [LibraryImport(Library)] internal static partial int osteon_script_train(nint module, int on);
    [LibraryImport(Library)] internal static partial int osteon_script_is_training(nint module);
    [LibraryImport(Library)] internal static partial int osteon_script_compose_gelu(nint module, int exact, int tanh);
    [LibraryImport(Library)] internal static partial int osteon_script_members(nint module, ScriptMember* members, int capacity);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int osteon_script_method(nint module, string name, nint* result);
    [LibraryImport(Library)] internal static partial int osteon_script_method_free(nint method);

    [LibraryImport(Library)] internal static partial int osteon_get_threads();
    [LibraryImport(Library)] internal static partial int osteon_set_threads(int intraOp);
    [LibraryImport(Library)] internal static partial int osteon_manual_seed(ulong seed);
    [LibraryImport(Library)] internal static partial int osteon_generator_default(long device, nint* result);
    [LibraryImport(Library)] internal static partial int osteon_generator_new(long device, ulong seed, nint* result);
    [LibraryImport(Library)] internal static partial int osteon_generator_free(nint generator);
    [LibraryImport(Library)] internal static partial int osteon_generator_seed(nint generator, ulong seed);
    [LibraryImport(Library)] internal static partial int osteon_generator_initial_seed(nint generator, ulong* seed);
    [LibraryImport(Library)] internal static partial int osteon_generator_get_state(nint generator, nint* result);
    [LibraryImport(Library)] internal static partial int osteon_generator_set_state(nint generator, nint state);
    [LibraryImport(Library)] internal static partial int osteon_deterministic(int on, int warnOnly, int cudnnBenchmark, int allowTf32);
    [LibraryImport(Library)] internal static partial int osteon_is_deterministic();
    [LibraryImport(Library)] internal static partial int osteon_cuda_device_count();
    [LibraryImport(Library)] internal static partial int osteon_cuda_synchronize(long device);
    [LibraryImport(Library)] internal static partial int osteon_cuda_empty_cache();
    [LibraryImport(Library)] internal static partial int osteon_cuda_memory(long device, long* figures);
    [LibraryImport(Library)] internal static partial int osteon_cuda_reset_peak(long device);
}
