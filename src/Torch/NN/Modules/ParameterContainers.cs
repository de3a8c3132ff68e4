using System.Collections;
using System.Globalization;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Parameters under their numbers.</summary>
public sealed class ParameterList : Module, IReadOnlyList<Parameter>
{
    private readonly List<Parameter> _parameters = [];

    public ParameterList(params Parameter[] parameters)
        : base(nameof(ParameterList)) => Array.ForEach(parameters, Add);

    public int Count => _parameters.Count;

    public Parameter this[int index] => _parameters[index];

    public void Add(Parameter item)
    {
        register_parameter(_parameters.Count.ToString(CultureInfo.InvariantCulture), item);
        _parameters.Add(item);
    }

    public IEnumerator<Parameter> GetEnumerator() => _parameters.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Parameters under names, in the order they came.</summary>
public sealed class ParameterDict : Module, IEnumerable<(string, Parameter)>
{
    private readonly Dictionary<string, Parameter> _byName = [];

    public ParameterDict(params (string, Parameter)[] parameters)
        : base(nameof(ParameterDict)) => Array.ForEach(parameters, p => Add(p.Item1, p.Item2));

    public int Count => _byName.Count;

    public Parameter this[string key] => _byName[key];

    public void Add(string key, Parameter value)
    {
        register_parameter(key, value);
        _byName.Add(key, value);
    }

    public bool ContainsKey(string key) => _byName.ContainsKey(key);

    public IEnumerator<(string, Parameter)> GetEnumerator() => named_parameters(recurse: false).Select(p => (p.name, p.parameter)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Modules under names, in the order they came; how they are wired is the owner's matter.</summary>
public sealed class ModuleDict<T> : Module, IEnumerable<(string, T)>
    where T : Module
{
    private readonly Dictionary<string, T> _byName = [];

    internal ModuleDict((string, T)[] modules)
        : base("ModuleDict") => Array.ForEach(modules, m => Add(m.Item1, m.Item2));

    public int Count => _byName.Count;

    public T this[string key] => _byName[key];

    public void Add(string key, T value)
    {
        register_module(key, value);
        _byName.Add(key, value);
    }

    public bool ContainsKey(string key) => _byName.ContainsKey(key);

    public IEnumerator<(string, T)> GetEnumerator() => named_children().Select(m => (m.name, (T)m.module)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
