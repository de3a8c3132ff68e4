using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adagrad, Duchi, Hazan and Singer 2011: each weight's rate falls with the squares of its gradients so far.</summary>
public sealed class Adagrad : Optimizer<Adagrad.Options>
{
    private const string Sum = "sum";

    internal Adagrad(IEnumerable<Parameter> parameters, Options options)
        : base(parameters, options)
    {
    }

    internal Adagrad(IEnumerable<ParamGroup> groups, Options options)
        : base(groups, options)
    {
    }

    private protected override IReadOnlyCollection<string> StateNames { get; } = [Sum];

    private protected override void Update(Parameter parameter, Tensor gradient, double learningRate, Options options)
    {
        var step = CountStep(parameter);
        gradient = Decayed(parameter, gradient, options);
        var sum = Find(parameter, Sum) ?? Keep(parameter, Sum, full_like(parameter, options.initial_accumulator_value!.Value));
        var deviation = sum.addcmul_(gradient, gradient, 1).sqrt().add_(options.eps!.Value);
        parameter.addcdiv_(gradient, deviation, -(learningRate / (1 + ((step - 1) * options.lr_decay!.Value))));
    }

    public sealed class Options : OptimizerOptions
    {
        /// <summary>Step t learns at rate / (1 + (t − 1) × this).</summary>
        public double? lr_decay { get; set; }

        /// <summary>What the sums of squares start from.</summary>
        public double? initial_accumulator_value { get; set; }

        /// <summary>Added to the root, lest it be 0.</summary>
        public double? eps { get; set; }

        internal override void Complete(OptimizerOptions defaults)
        {
            base.Complete(defaults);
            var own = (Options)defaults;
            lr_decay ??= own.lr_decay;
            initial_accumulator_value ??= own.initial_accumulator_value;
            eps ??= own.eps;
        }
    }
}
