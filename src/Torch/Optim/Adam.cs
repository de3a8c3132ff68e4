using Osteon.Torch.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adam, Kingma and Ba 2015, arXiv:1412.6980; AdamW, which decays weights apart from gradients: Loshchilov and Hutter 2019, arXiv:1711.05101.</summary>
public abstract class AdamOptimizer : Optimizer<AdamOptimizer.Options>
{
    private const string Mean = "exp_avg";
    private const string Square = "exp_avg_sq";
    private const string Largest = "max_exp_avg_sq";
    private readonly bool _decoupled;

    private protected AdamOptimizer(IEnumerable<Parameter> parameters, Options options, bool decoupled)
        : base(parameters, options) => _decoupled = decoupled;

    private protected AdamOptimizer(IEnumerable<ParamGroup> groups, Options options, bool decoupled)
        : base(groups, options) => _decoupled = decoupled;

    private protected override IReadOnlyCollection<string> StateNames { get; } = [Mean, Square, Largest];

    private protected override void Update(Parameter parameter, Tensor gradient, double learningRate, Options options)
    {
        var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
        var step = CountStep(parameter);
        var meanCorrection = 1 - Math.Pow(beta1, step);
        var squareCorrection = Math.Sqrt(1 - Math.Pow(beta2, step));
        var decay = options.weight_decay!.Value;
        if (options is { amsgrad: not true, maximize: not true } && FusedUpdate.Adam(parameter, gradient, Kept(parameter, Mean), Kept(parameter, Square), new AdamStep
        {
            Beta1 = beta1,
            Beta2 = beta2,
            Eps = options.eps!.Value,
            Penalty = _decoupled ? 0 : decay,
            Keep = _decoupled ? 1 - (learningRate * decay) : 1,
            Rate = learningRate / meanCorrection,
            Correction = squareCorrection,
        }))
        {
            return;
        }

        if (_decoupled)
        {
            gradient = options.maximize == true ? gradient.neg() : gradient;
            parameter.mul_(1 - (learningRate * decay));
        }
        else
        {
            gradient = Decayed(parameter, gradient, options);
        }

        var mean = Kept(parameter, Mean).mul_(beta1).add_(gradient, 1 - beta1);
        var square = Kept(parameter, Square).mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        if (options.amsgrad == true)
        {
            var largest = Kept(parameter, Largest);
            square = largest.copy_(largest.maximum(square));
        }

        var deviation = (square.sqrt() / squareCorrection).add_(options.eps!.Value);
        parameter.addcdiv_(mean, deviation, -(learningRate / meanCorrection));
    }

    public sealed class Options : BetaOptions
    {
        /// <summary>Divides by the largest average of squares so far: Reddi et al. 2018, arXiv:1904.09237.</summary>
        public bool? amsgrad { get; set; }

        internal override void Complete(OptimizerOptions defaults)
        {
            base.Complete(defaults);
            amsgrad ??= ((Options)defaults).amsgrad;
        }
    }
}

/// <summary>Adam; weight decay is added to the gradient.</summary>
public sealed class Adam : AdamOptimizer
{
    internal Adam(IEnumerable<Parameter> parameters, Options options)
        : base(parameters, options, decoupled: false)
    {
    }

    internal Adam(IEnumerable<ParamGroup> groups, Options options)
        : base(groups, options, decoupled: false)
    {
    }
}

/// <summary>Adam; weights decay by themselves.</summary>
public sealed class AdamW : AdamOptimizer
{
    internal AdamW(IEnumerable<Parameter> parameters, Options options)
        : base(parameters, options, decoupled: true)
    {
    }

    internal AdamW(IEnumerable<ParamGroup> groups, Options options)
        : base(groups, options, decoupled: true)
    {
    }
}
