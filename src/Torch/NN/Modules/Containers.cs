using System.Collections;
using System.Globalization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Modules one after another. What lies between two of them is freed at once; autograd keeps what it needs.</summary>
public sealed class Sequential : Module<Tensor, Tensor>, IReadOnlyList<Module<Tensor, Tensor>>
{
    private readonly List<Module<Tensor, Tensor>> _modules = [];

    internal Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules)
        : base(nameof(Sequential))
    {
        foreach (var (name, module) in modules)
        {
            append(name, module);
        }
    }

    public int Count => _modules.Count;

    public Module<Tensor, Tensor> this[int index] => _modules[index];

    public Sequential append(string name, Module<Tensor, Tensor> module)
    {
        register_module(name, module);
        _modules.Add(module);
        return this;
    }

    /// <summary>Appends under the next number.</summary>
    public Sequential append(Module<Tensor, Tensor> module) => append(_modules.Count.ToString(CultureInfo.InvariantCulture), module);

    public override Tensor forward(Tensor input)
    {
        if (_modules.Count == 0)
        {
            return input.Share();
        }

        using var scope = NewDisposeScope();
        var current = input;
        foreach (var module in _modules)
        {
            var next = module.forward(current);
            if (!ReferenceEquals(current, input) && !ReferenceEquals(current, next))
            {
                current.Dispose();
            }

            current = next;
        }

        return ReferenceEquals(current, input) ? input : current.MoveToOuterDisposeScope();
    }

    public IEnumerator<Module<Tensor, Tensor>> GetEnumerator() => _modules.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Modules under their numbers; how they are wired is the owner's matter.</summary>
public sealed class ModuleList<T> : Module, IReadOnlyList<T> where T : Module
{
    private readonly List<T> _modules = [];

    internal ModuleList(IEnumerable<T> modules)
        : base("ModuleList")
    {
        foreach (var module in modules)
        {
            Add(module);
        }
    }

    public int Count => _modules.Count;

    public T this[int index] => _modules[index];

    public void Add(T item)
    {
        register_module(_modules.Count.ToString(CultureInfo.InvariantCulture), item);
        _modules.Add(item);
    }

    public void append(params T[] parameters) => extend(parameters);

    public void extend(params T[] modules) => Array.ForEach(modules, Add);

    public IEnumerator<T> GetEnumerator() => _modules.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
