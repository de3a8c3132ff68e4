using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Osteon.Torch.Interop;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>libtorch's side of a TorchScript module.</summary>
internal sealed unsafe class ScriptObject : SafeHandle
{
    private readonly ConcurrentDictionary<string, ScriptMethod> _methods = new();
    private readonly string _name;

    private ScriptObject(nint handle, string name)
        : base(0, ownsHandle: true)
    {
        SetHandle(handle);
        _name = name;
    }

    public override bool IsInvalid => handle == 0;

    internal static ScriptObject Load(string filename, Device? device)
    {
        if (!File.Exists(filename))
        {
            throw new FileNotFoundException($"{filename}: there is no such file.", filename);
        }

        nint module;
        var status = NativeMethods.osteon_script_load(filename, device?.Packed ?? 0, device is null ? 0 : 1, &module);
        if (status < 0)
        {
            throw Native.Error(status, $"jit.load({filename})");
        }

        var loaded = new ScriptObject(module, Path.GetFileName(filename));
        var (exact, tanh) = (Gelu.Sound(GELU.Approximate.none), Gelu.Sound(GELU.Approximate.tanh));
        if (!exact || !tanh)
        {
            Native.Check(NativeMethods.osteon_script_compose_gelu(module, exact ? 0 : 1, tanh ? 0 : 1));
        }

        return loaded;
    }

    /// <summary>Gives a module the parameters, buffers and children, under their names, and the mode.</summary>
    /// <param name="module">Gets them.</param>
    /// <param name="known">Wrappers by native tensor: a tensor that parts of the network share has one.</param>
    internal void Register(nn.Module module, Dictionary<nint, Tensor> known)
    {
        module.training = Native.Check(NativeMethods.osteon_script_is_training(handle)) != 0;
        foreach (var (name, member) in Members())
        {
            switch (member.Kind)
            {
                case ScriptMemberKind.Module: module.register_module(name, new jit.ScriptModule(new ScriptObject(member.Handle, $"{_name}.{name}"), known)); break;
                case ScriptMemberKind.Parameter: module.register_parameter(name, (Parameter)Wrap(member.Handle, known, tensor => new Parameter(tensor, tensor.requires_grad))); break;
                default: module.register_buffer(name, Wrap(member.Handle, known, tensor => tensor)); break;
            }
        }
    }

    internal void Train(bool mode) => Native.Check(NativeMethods.osteon_script_train(Open(), mode ? 1 : 0));

    internal void Save(string filename) => Native.Check(NativeMethods.osteon_script_save(Open(), filename), $"save({filename})");

    /// <summary>Calls a method; the current scope owns the tensors it returns.</summary>
    internal object? Invoke(string method, ReadOnlySpan<Argument> arguments)
    {
        Open();
        return _methods.GetOrAdd(method, Find).Invoke(arguments);
    }

    internal T Invoke<T>(string method, params ReadOnlySpan<Argument> arguments) => ScriptResult.As<T>(Invoke(method, arguments), $"{_name}.{method}");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var method in _methods.Values)
            {
                method.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    protected override bool ReleaseHandle() => NativeMethods.osteon_script_free(handle) >= 0;

    private nint Open()
    {
        ObjectDisposedException.ThrowIf(IsClosed, typeof(jit.ScriptModule));
        return handle;
    }

    // Names are copied at once: the next module's, on this thread, take their place.
    private (string Name, ScriptMember Member)[] Members()
    {
        var members = new ScriptMember[Native.Check(NativeMethods.osteon_script_members(handle, null, 0))];
        fixed (ScriptMember* first = members)
        {
            Native.Check(NativeMethods.osteon_script_members(handle, first, members.Length));
        }

        return Array.ConvertAll(members, member => (Marshal.PtrToStringUTF8(member.Name)!, member));
    }

    private ScriptMethod Find(string method)
    {
        nint found;
        Native.Check(NativeMethods.osteon_script_method(handle, method, &found), $"{_name}.{method}");
        return found != 0 ? new ScriptMethod(found, $"{_name}.{method}") : throw new TorchException($"{_name} has no method '{method}'.");
    }

    private static Tensor Wrap(nint tensor, Dictionary<nint, Tensor> known, Func<Tensor, Tensor> make)
    {
        if (known.TryGetValue(tensor, out var wrapper))
        {
            Native.Check(NativeMethods.osteon_tensor_free(tensor));
            return wrapper;
        }

        return known[tensor] = make(Tensor.Own(tensor));
    }
}

/// <summary>A method of a TorchScript module, found once.</summary>
internal sealed unsafe class ScriptMethod : SafeHandle
{
    private readonly Operator _operator;

    internal ScriptMethod(nint handle, string name)
        : base(0, ownsHandle: true)
    {
        SetHandle(handle);
        // A forward pass that stops half-way may have moved running statistics.
        _operator = new Operator(name, handle, changes: true);
    }

    public override bool IsInvalid => handle == 0;

    internal object? Invoke(ReadOnlySpan<Argument> arguments)
    {
        var held = false;
        DangerousAddRef(ref held);
        try
        {
            NativeValue result;
            _operator.Invoke(arguments, &result, 1);
            return ScriptResult.Of(result);
        }
        finally
        {
            DangerousRelease();
        }
    }

    protected override bool ReleaseHandle() => NativeMethods.osteon_script_method_free(handle) >= 0;
}
