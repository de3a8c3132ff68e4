using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adadelta, Zeiler 2012, arXiv:1212.5701: rates from the ratio of past updates to past gradients.</summary>
public sealed class Adadelta : Optimizer<Adadelta.Options>
{
    private const string Square = "square_avg";
    private const string Delta = "acc_delta";

    internal Adadelta(IEnumerable<Parameter> parameters, Options options)
        : base(parameters, options)
    {
    }

    internal Adadelta(IEnumerable<ParamGroup> groups, Options options)
        : base(groups, options)
    {
    }

    private protected override IReadOnlyCollection<string> StateNames { get; } = [Square, Delta];

    private protected override void Update(Parameter parameter, Tensor gradient, double learningRate, Options options)
    {
        var (rho, eps) = (options.rho!.Value, options.eps!.Value);
        gradient = Decayed(parameter, gradient, options);
        var square = Kept(parameter, Square).mul_(rho).addcmul_(gradient, gradient, 1 - rho);
        var updates = Kept(parameter, Delta);
        var delta = updates.add(eps).sqrt_().div_(square.add(eps).sqrt_()).mul_(gradient);
        updates.mul_(rho).addcmul_(delta, delta, 1 - rho);
        parameter.add_(delta, -learningRate);
    }

    public sealed class Options : OptimizerOptions
    {
        /// <summary>Share of the averages that a step keeps.</summary>
        public double? rho { get; set; }

        /// <summary>Added to squares under the root.</summary>
        public double? eps { get; set; }

        internal override void Complete(OptimizerOptions defaults)
        {
            base.Complete(defaults);
            var own = (Options)defaults;
            rho ??= own.rho;
            eps ??= own.eps;
        }
    }
}
