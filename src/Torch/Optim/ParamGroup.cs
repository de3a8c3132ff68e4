using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What a group of parameters is trained with. What is left null is taken from the optimiser.</summary>
public abstract class OptimizerOptions
{
    /// <summary>Learning rate, at least 0; schedules change it between steps.</summary>
    public double? LearningRate { get; set; }

    /// <summary>Factor of the weights' own pull towards 0, at least 0.</summary>
    public double? weight_decay { get; set; }

    /// <summary>Goes up the gradient instead of down.</summary>
    public bool? maximize { get; set; }

    /// <summary>The momentum, or the first of the betas; null where the method has neither.</summary>
    internal virtual double? Momentum { get => null; set => throw new NotSupportedException("The optimiser has no momentum."); }

    /// <summary>Takes what is null from the optimiser's own options.</summary>
    internal virtual void Complete(OptimizerOptions defaults)
    {
        LearningRate ??= defaults.LearningRate;
        weight_decay ??= defaults.weight_decay;
        maximize ??= defaults.maximize;
    }
}

/// <summary>Options of the methods that average gradients and their squares with two rates.</summary>
public abstract class BetaOptions : OptimizerOptions
{
    /// <summary>Share of the gradients' average that a step keeps, in [0, 1).</summary>
    public double? beta1 { get; set; }

    /// <summary>Share of the squares' average that a step keeps, in [0, 1).</summary>
    public double? beta2 { get; set; }

    /// <summary>Added to the root, lest it be 0.</summary>
    public double? eps { get; set; }

    internal override double? Momentum { get => beta1; set => beta1 = value; }

    internal override void Complete(OptimizerOptions defaults)
    {
        base.Complete(defaults);
        var own = (BetaOptions)defaults;
        beta1 ??= own.beta1;
        beta2 ??= own.beta2;
        eps ??= own.eps;
    }
}

/// <summary>Parameters that are trained alike. <c>SGD.ParamGroup</c> and its like are what optimisers take.</summary>
public abstract class ParamGroup
{
    private protected ParamGroup(IEnumerable<Parameter> parameters, OptimizerOptions options) => (Parameters, Options) = ([.. parameters], options);

    public IReadOnlyList<Parameter> Parameters { get; }

    public double LearningRate
    {
        get => Options.LearningRate ?? throw new InvalidOperationException("The group takes its learning rate from an optimiser and is in none yet.");
        set => Options.LearningRate = value;
    }

    /// <summary>The rate that schedules start from.</summary>
    public double InitialLearningRate { get; set; }

    internal OptimizerOptions Options { get; }

    /// <summary>Whether a schedule has taken its initial rate; a second schedule starts from the same.</summary>
    internal bool Scheduled { get; set; }
}

/// <summary>An optimiser whose groups each have options of their own.</summary>
/// <typeparam name="TOptions">What its method can be told.</typeparam>
public abstract class Optimizer<TOptions> : torch.optim.Optimizer
    where TOptions : OptimizerOptions, new()
{
    private readonly TOptions _defaults;

    private protected Optimizer(IEnumerable<Parameter> parameters, TOptions defaults)
        : this([new ParamGroup(parameters)], defaults)
    {
    }

    private protected Optimizer(IEnumerable<ParamGroup> groups, TOptions defaults)
    {
        _defaults = defaults;
        foreach (var group in groups)
        {
            add_param_group(group);
        }
    }

    /// <summary>Adds parameters with options of their own; it is the caller's no more.</summary>
    public ParamGroup add_param_group(ParamGroup group)
    {
        group.Options.Complete(_defaults);
        Check(group.Options);
        Add(group);
        return group;
    }

    public sealed override Modules.ParamGroup add_param_group(IEnumerable<Parameter> parameters, double learningRate) =>
        add_param_group(new ParamGroup(parameters, new TOptions { LearningRate = learningRate }));

    /// <summary>Refuses options that the method cannot work with.</summary>
    private protected virtual void Check(TOptions options)
    {
    }

    /// <summary>Changes one parameter; gradients are off and a scope is open.</summary>
    private protected abstract void Update(Parameter parameter, Tensor gradient, double learningRate, TOptions options);

    private protected sealed override void Update(Parameter parameter, Tensor gradient, Modules.ParamGroup group) =>
        Update(parameter, gradient, group.LearningRate, ((ParamGroup)group).Options);

    /// <summary>Parameters of this optimiser that are trained alike.</summary>
    public sealed class ParamGroup : Modules.ParamGroup
    {
        /// <param name="parameters">In no other group.</param>
        /// <param name="options">What differs from the optimiser's own.</param>
        public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null)
            : base(parameters, options ?? new TOptions())
        {
        }

        /// <summary>May be changed between steps.</summary>
        public new TOptions Options => (TOptions)base.Options;
    }
}
