using System.Collections;
using System.Globalization;
using Osteon.Torch;
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
        for (var i = 0; i < _modules.Count;)
        {
            var next = Fused(current, ref i) ?? _modules[i++].forward(current);
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

    // A convolution with the normalisation and the ReLU or ReLU6 behind it, in evaluation.
    private Tensor? Fused(Tensor input, ref int place)
    {
        if (_modules[place] is not Conv2d convolution)
        {
            return null;
        }

        var next = place + 1;
        var norm = next < _modules.Count ? _modules[next] as BatchNorm2d : null;
        next += norm is null ? 0 : 1;
        var last = next < _modules.Count ? _modules[next] : null;
        var relu = last is ReLU or ReLU6;
        next += relu ? 1 : 0;
        var result = norm is not null || relu ? FusedConvolution.Try(convolution, norm, input, relu: relu, most: last is ReLU6 ? 6 : double.PositiveInfinity) : null;
        place = result is null ? place : next;
        return result;
    }
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
