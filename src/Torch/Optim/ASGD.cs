using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Averaged stochastic gradient descent, Polyak and Juditsky 1992.</summary>
public sealed class ASGD : Optimizer<ASGD.Options>
{
    private const string Eta = "eta";
    private const string Mu = "mu";
    private const string Average = "ax";

    internal ASGD(IEnumerable<Parameter> parameters, Options options)
        : base(parameters, options)
    {
    }

    internal ASGD(IEnumerable<ParamGroup> groups, Options options)
        : base(groups, options)
    {
    }

    private protected override IReadOnlyCollection<string> StateNames { get; } = [Average];

    private protected override IReadOnlyCollection<string> NumberNames { get; } = [Eta, Mu];

    private protected override void Update(Parameter parameter, Tensor gradient, double learningRate, Options options)
    {
        var step = CountStep(parameter);
        gradient = Decayed(parameter, gradient, options);
        var eta = Find(parameter, Eta) ?? Keep(parameter, Eta, tensor(learningRate));
        var mu = Find(parameter, Mu) ?? Keep(parameter, Mu, tensor(1.0));
        var average = Kept(parameter, Average);
        var rate = eta.item<double>();
        parameter.mul_(1 - (options.lambd!.Value * rate));
        parameter.add_(gradient, -rate);
        average.add_(parameter.sub(average).mul_(mu));
        eta.fill_(learningRate / Math.Pow(1 + (options.lambd!.Value * learningRate * step), options.alpha!.Value));
        mu.fill_(1 / Math.Max(1, step - options.t0!.Value));
    }

    public sealed class Options : OptimizerOptions
    {
        /// <summary>How fast the rate and the weights decay.</summary>
        public double? lambd { get; set; }

        /// <summary>Power of the rate's decay.</summary>
        public double? alpha { get; set; }

        /// <summary>The step from which on weights are averaged.</summary>
        public double? t0 { get; set; }

        internal override void Complete(OptimizerOptions defaults)
        {
            base.Complete(defaults);
            var own = (Options)defaults;
            lambd ??= own.lambd;
            alpha ??= own.alpha;
            t0 ??= own.t0;
        }
    }
}
