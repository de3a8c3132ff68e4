using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adam by the infinity norm, Kingma and Ba 2015, arXiv:1412.6980, section 7.</summary>
public sealed class Adamax : Optimizer<Adamax.Options>
{
    private const string Mean = "exp_avg";
    private const string Largest = "exp_inf";

    internal Adamax(IEnumerable<Parameter> parameters, Options options)
        : base(parameters, options)
    {
    }

    internal Adamax(IEnumerable<ParamGroup> groups, Options options)
        : base(groups, options)
    {
    }

    private protected override IReadOnlyCollection<string> StateNames { get; } = [Mean, Largest];

    private protected override void Update(Parameter parameter, Tensor gradient, double learningRate, Options options)
    {
        var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
        var step = CountStep(parameter);
        gradient = Decayed(parameter, gradient, options);
        var mean = Kept(parameter, Mean).mul_(beta1).add_(gradient, 1 - beta1);
        var largest = Kept(parameter, Largest);
        largest.copy_(largest.mul(beta2).maximum(gradient.abs().add_(options.eps!.Value)));
        parameter.addcdiv_(mean, largest, -(learningRate / (1 - Math.Pow(beta1, step))));
    }

    public sealed class Options : BetaOptions
    {
    }
}
