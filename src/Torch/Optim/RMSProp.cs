using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>RMSprop as in PyTorch: eps is added after the root. Hinton's lecture 6; centred: Graves 2013, arXiv:1308.0850.</summary>
public sealed class RMSProp : Optimizer<RMSProp.Options>
{
    private const string Square = "square_avg";
    private const string Mean = "grad_avg";
    private const string Velocity = "momentum_buffer";

    internal RMSProp(IEnumerable<Parameter> parameters, Options options)
        : base(parameters, options)
    {
    }

    internal RMSProp(IEnumerable<ParamGroup> groups, Options options)
        : base(groups, options)
    {
    }

    private protected override IReadOnlyCollection<string> StateNames { get; } = [Square, Mean, Velocity];

    private protected override void Update(Parameter parameter, Tensor gradient, double learningRate, Options options)
    {
        var alpha = options.alpha!.Value;
        CountStep(parameter);
        gradient = Decayed(parameter, gradient, options);
        var deviation = Kept(parameter, Square).mul_(alpha).addcmul_(gradient, gradient, 1 - alpha);
        if (options.centered == true)
        {
            var mean = Kept(parameter, Mean).mul_(alpha).add_(gradient, 1 - alpha);
            deviation = deviation.addcmul(mean, mean, -1);
        }

        deviation = deviation.sqrt().add_(options.eps!.Value);
        if (options.momentum is { } momentum and > 0)
        {
            var velocity = Kept(parameter, Velocity).mul_(momentum).addcdiv_(gradient, deviation, 1);
            parameter.add_(velocity, -learningRate);
        }
        else
        {
            parameter.addcdiv_(gradient, deviation, -learningRate);
        }
    }

    public sealed class Options : OptimizerOptions
    {
        /// <summary>Share of the squares' average that a step keeps, in [0, 1).</summary>
        public double? alpha { get; set; }

        /// <summary>Added to the root, lest it be 0.</summary>
        public double? eps { get; set; }

        /// <summary>Share of the velocity that a step keeps.</summary>
        public double? momentum { get; set; }

        /// <summary>Divides by the deviation, not by the root of the mean square.</summary>
        public bool? centered { get; set; }

        internal override double? Momentum { get => momentum; set => momentum = value; }

        internal override void Complete(OptimizerOptions defaults)
        {
            base.Complete(defaults);
            var own = (Options)defaults;
            alpha ??= own.alpha;
            eps ??= own.eps;
            momentum ??= own.momentum;
            centered ??= own.centered;
        }
    }
}
