using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adam that keeps its adaptive rate back until its variance is known: Liu et al. 2020, arXiv:1908.03265.</summary>
public sealed class RAdam : Optimizer<RAdam.Options>
{
    private const string Mean = "exp_avg";
    private const string Square = "exp_avg_sq";

    internal RAdam(IEnumerable<Parameter> parameters, Options options)
        : base(parameters, options)
    {
    }

    internal RAdam(IEnumerable<ParamGroup> groups, Options options)
        : base(groups, options)
    {
    }

    private protected override IReadOnlyCollection<string> StateNames { get; } = [Mean, Square];

    private protected override void Update(Parameter parameter, Tensor gradient, double learningRate, Options options)
    {
        var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
        var step = CountStep(parameter);
        gradient = Decayed(parameter, gradient, options);
        var mean = Kept(parameter, Mean).mul_(beta1).add_(gradient, 1 - beta1);
        var square = Kept(parameter, Square).mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        var rate = learningRate / (1 - Math.Pow(beta1, step));
        var squareCorrection = 1 - Math.Pow(beta2, step);
        var longest = (2 / (1 - beta2)) - 1;                        // the paper's rho: how many steps the average spans
        var length = longest - (2 * step * Math.Pow(beta2, step) / squareCorrection);
        if (length > 5)
        {
            var rectified = Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
            parameter.addcdiv_(mean, square.sqrt().add_(options.eps!.Value), -(rate * rectified * Math.Sqrt(squareCorrection)));
        }
        else
        {
            parameter.add_(mean, -rate);
        }
    }

    public sealed class Options : BetaOptions;
}
