using Osteon.Torch.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Stochastic gradient descent with momentum, in PyTorch's form: the rate multiplies the velocity.</summary>
public sealed class SGD : Optimizer<SGD.Options>
{
    private const string Velocity = "momentum_buffer";

    internal SGD(IEnumerable<Parameter> parameters, Options options)
        : base(parameters, options)
    {
    }

    internal SGD(IEnumerable<ParamGroup> groups, Options options)
        : base(groups, options)
    {
    }

    private protected override IReadOnlyCollection<string> StateNames { get; } = [Velocity];

    private protected override void Check(Options options)
    {
        if (options.nesterov == true && (options.momentum <= 0 || options.dampening != 0))
        {
            throw new ArgumentException("Nesterov momentum needs a momentum above 0 and no dampening.", nameof(options));
        }
    }

    private protected override void Update(Parameter parameter, Tensor gradient, double learningRate, Options options)
    {
        if (options is { momentum: > 0, maximize: not true } && Find(parameter, Velocity) is { } moving && FusedUpdate.Momentum(parameter, gradient, moving, new MomentumStep
        {
            Momentum = options.momentum.Value,
            Rest = 1 - options.dampening!.Value,
            Penalty = options.weight_decay!.Value,
            Rate = learningRate,
            Nesterov = options.nesterov == true ? 1 : 0,
        }))
        {
            return;
        }

        gradient = Decayed(parameter, gradient, options);
        if (options.momentum is { } momentum and not 0)
        {
            var velocity = Find(parameter, Velocity);
            velocity = velocity is null
                ? Keep(parameter, Velocity, gradient.clone())
                : velocity.mul_(momentum).add_(gradient, 1 - options.dampening!.Value);
            gradient = options.nesterov == true ? gradient.add(velocity, momentum) : velocity;
        }

        parameter.add_(gradient, -learningRate);
    }

    public sealed class Options : OptimizerOptions
    {
        /// <summary>Share of the velocity that a step keeps.</summary>
        public double? momentum { get; set; }

        /// <summary>Share of the gradient that the velocity does not take in.</summary>
        public double? dampening { get; set; }

        /// <summary>Looks ahead by a step (Sutskever et al. 2013).</summary>
        public bool? nesterov { get; set; }

        internal override double? Momentum { get => momentum; set => momentum = value; }

        internal override void Complete(OptimizerOptions defaults)
        {
            base.Complete(defaults);
            var own = (Options)defaults;
            momentum ??= own.momentum;
            dampening ??= own.dampening;
            nesterov ??= own.nesterov;
        }
    }
}
