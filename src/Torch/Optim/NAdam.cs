using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adam with Nesterov momentum, Dozat 2016; the momentum's schedule is the paper's.</summary>
public sealed class NAdam : Optimizer<NAdam.Options>
{
    private const string Mean = "exp_avg";
    private const string Square = "exp_avg_sq";
    private const string Product = "mu_product";

    internal NAdam(IEnumerable<Parameter> parameters, Options options)
        : base(parameters, options)
    {
    }

    internal NAdam(IEnumerable<ParamGroup> groups, Options options)
        : base(groups, options)
    {
    }

    private protected override IReadOnlyCollection<string> StateNames { get; } = [Mean, Square];

    private protected override IReadOnlyCollection<string> NumberNames { get; } = [Product];

    private protected override void Update(Parameter parameter, Tensor gradient, double learningRate, Options options)
    {
        var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
        var step = CountStep(parameter);
        gradient = Decayed(parameter, gradient, options);
        var (mu, next) = (Mu(step), Mu(step + 1));
        var product = (Find(parameter, Product) ?? Keep(parameter, Product, tensor(1.0))).mul_(mu).item<double>();
        var mean = Kept(parameter, Mean).mul_(beta1).add_(gradient, 1 - beta1);
        var square = Kept(parameter, Square).mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        var deviation = (square / (1 - Math.Pow(beta2, step))).sqrt_().add_(options.eps!.Value);
        parameter.addcdiv_(gradient, deviation, -(learningRate * (1 - mu) / (1 - product)));
        parameter.addcdiv_(mean, deviation, -(learningRate * next / (1 - (product * next))));

        double Mu(long t) => beta1 * (1 - (0.5 * Math.Pow(0.96, t * options.momentum_decay!.Value)));
    }

    public sealed class Options : BetaOptions
    {
        /// <summary>How fast the momentum rises to beta1.</summary>
        public double? momentum_decay { get; set; }

        internal override void Complete(OptimizerOptions defaults)
        {
            base.Complete(defaults);
            momentum_decay ??= ((Options)defaults).momentum_decay;
        }
    }
}
