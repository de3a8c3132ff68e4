using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Resilient backpropagation, Riedmiller and Braun 1993: steps by the gradients' signs.</summary>
public sealed class Rprop : Optimizer<Rprop.Options>
{
    private const string Before = "prev";
    private const string Size = "step_size";

    internal Rprop(IEnumerable<Parameter> parameters, Options options)
        : base(parameters, options)
    {
    }

    internal Rprop(IEnumerable<ParamGroup> groups, Options options)
        : base(groups, options)
    {
    }

    private protected override IReadOnlyCollection<string> StateNames { get; } = [Before, Size];

    private protected override void Update(Parameter parameter, Tensor gradient, double learningRate, Options options)
    {
        gradient = options.maximize == true ? gradient.neg() : gradient.clone();   // the method decays no weights
        var before = Kept(parameter, Before);
        var size = Find(parameter, Size) ?? Keep(parameter, Size, full_like(parameter, learningRate));
        var turn = gradient.mul(before).sign();
        var factor = turn.gt(0).to(size.dtype).mul_(options.etaplus!.Value - 1).add_(1).add_(turn.lt(0).to(size.dtype), options.etaminus!.Value - 1);
        size.mul_(factor).clamp_(options.min_step!.Value, options.max_step!.Value);
        gradient.masked_fill_(turn.lt(0), 0);
        parameter.addcmul_(gradient.sign(), size, -1);
        before.copy_(gradient);
    }

    public sealed class Options : OptimizerOptions
    {
        /// <summary>Factor of a step whose gradient changed its sign.</summary>
        public double? etaminus { get; set; }

        /// <summary>Factor of a step whose gradient kept it.</summary>
        public double? etaplus { get; set; }

        /// <summary>The least step.</summary>
        public double? min_step { get; set; }

        /// <summary>The largest step.</summary>
        public double? max_step { get; set; }

        internal override void Complete(OptimizerOptions defaults)
        {
            base.Complete(defaults);
            var own = (Options)defaults;
            etaminus ??= own.etaminus;
            etaplus ??= own.etaplus;
            min_step ??= own.min_step;
            max_step ??= own.max_step;
        }
    }
}
