using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>Parts in a row, some of which give a map: a network of timm's with <c>features_only</c>. Keys: the names that the parts are given.</summary>
public sealed class FeatureList() : Module<Tensor, IReadOnlyList<Tensor>>("model")
{
    private readonly List<(Module<Tensor, Tensor> Part, bool IsMap, Func<Tensor, Tensor>? Seen)> _parts = [];

    /// <summary>Adds a part behind the others.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="part">Takes what the part before gives.</param>
    /// <param name="isMap">Whether what it gives is one of the maps.</param>
    /// <param name="seen">What the map is of that; null for the same.</param>
    /// <returns>This list.</returns>
    public FeatureList Add(string key, Module<Tensor, Tensor> part, bool isMap = true, Func<Tensor, Tensor>? seen = null)
    {
        _parts.Add((part, isMap, seen));
        register_module(key, part);
        return this;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (maps, x) = (new List<Tensor>(), input);
        foreach (var (part, isMap, seen) in _parts)
        {
            x = part.forward(x);
            if (isMap)
            {
                maps.Add(seen?.Invoke(x) ?? x);
            }
        }

        return maps.MoveToOuterDisposeScope();
    }
}

/// <summary>A network that gives its maps itself: timm's FeatureGetterNet. Key: model.</summary>
public sealed class FeatureGetter : Module<Tensor, IReadOnlyList<Tensor>>
{
    private readonly Module<Tensor, IReadOnlyList<Tensor>> model;

    /// <summary>Holds a network.</summary>
    public FeatureGetter(Module<Tensor, IReadOnlyList<Tensor>> model) : base("model")
    {
        this.model = model;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(Tensor input) => model.forward(input);
}
