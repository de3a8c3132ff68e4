using Osteon.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>Options of SGD; PyTorch's names and defaults.</summary>
public sealed record SgdOptions
{
    /// <summary>Learning rate.</summary>
    public double Lr { get; init; } = 1e-2;

    /// <summary>Momentum, in [0, 1).</summary>
    public double Momentum { get; init; }

    /// <summary>Nesterov's momentum.</summary>
    public bool Nesterov { get; init; }

    /// <summary>L2 penalty.</summary>
    public double WeightDecay { get; init; }
}

/// <summary>Options of Adam and AdamW; PyTorch's names. Weight decay is 0 for Adam and 0.01 for AdamW when not given.</summary>
public sealed record AdamOptions
{
    /// <summary>Learning rate.</summary>
    public double Lr { get; init; } = 1e-3;

    /// <summary>Decay of the first moment.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the denominator.</summary>
    public double Eps { get; init; } = 1e-8;

    /// <summary>L2 penalty (Adam) or decoupled decay (AdamW).</summary>
    public double? WeightDecay { get; init; }
}

/// <summary>Options of RMSprop; PyTorch's names and defaults.</summary>
public sealed record RmsPropOptions
{
    /// <summary>Learning rate.</summary>
    public double Lr { get; init; } = 1e-2;

    /// <summary>Decay of the mean square.</summary>
    public double Alpha { get; init; } = 0.99;

    /// <summary>Added to the denominator.</summary>
    public double Eps { get; init; } = 1e-8;

    /// <summary>Momentum.</summary>
    public double Momentum { get; init; }

    /// <summary>L2 penalty.</summary>
    public double WeightDecay { get; init; }
}

/// <summary>The optimisers an experiment can name, under PyTorch's names.</summary>
public static class Optimizers
{
    /// <summary>Options by name.</summary>
    public static IReadOnlyDictionary<string, Type> Options { get; } = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["SGD"] = typeof(SgdOptions),
        ["Adam"] = typeof(AdamOptions),
        ["AdamW"] = typeof(AdamOptions),
        ["RMSprop"] = typeof(RmsPropOptions),
    };

    /// <summary>An optimiser over parameters.</summary>
    /// <param name="name">One of <see cref="Options"/>.</param>
    /// <param name="options">The record of that name.</param>
    /// <param name="parameters">What to optimise, in state_dict order.</param>
    public static optim.Optimizer Create(string name, object options, IEnumerable<Parameter> parameters) => (name, options) switch
    {
        ("SGD", SgdOptions o) => optim.SGD(parameters, o.Lr, momentum: o.Momentum, weight_decay: o.WeightDecay, nesterov: o.Nesterov),
        ("Adam", AdamOptions o) => optim.Adam(parameters, o.Lr, o.Beta1, o.Beta2, o.Eps, o.WeightDecay ?? 0),
        ("AdamW", AdamOptions o) => optim.AdamW(parameters, o.Lr, o.Beta1, o.Beta2, o.Eps, o.WeightDecay ?? 0.01),
        ("RMSprop", RmsPropOptions o) => optim.RMSProp(parameters, o.Lr, o.Alpha, o.Eps, o.WeightDecay, o.Momentum),
        _ => throw new ConfigurationException($"train.optimizer '{name}' is unknown; known: {string.Join(", ", Options.Keys)}."),
    };
}
