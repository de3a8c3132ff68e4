using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>x·Wᵀ + b over the last dimension.</summary>
public sealed class Linear : Module<Tensor, Tensor>
{
    internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype)
        : base(nameof(Linear))
    {
        (in_features, out_features) = (inputSize, outputSize);
        weight = new Parameter(empty([outputSize, inputSize], dtype, device));
        bias = hasBias ? new Parameter(empty(outputSize, dtype, device)) : null;
        reset_parameters();
        register_parameter(nameof(weight), weight);
        register_parameter(nameof(bias), bias);
    }

    public long in_features { get; }

    public long out_features { get; }

    /// <summary>(out, in).</summary>
    public Parameter weight { get; }

    public Parameter? bias { get; }

    /// <summary>Draws anew, as PyTorch does.</summary>
    public void reset_parameters() => LinearInitialisation.Draw(weight, bias);

    public override Tensor forward(Tensor input) => functional.linear(input, weight, bias);
}

/// <summary>How PyTorch starts linear and convolution layers.</summary>
internal static class LinearInitialisation
{
    /// <summary>The weight, then the bias, uniform within ±1/√fan-in.</summary>
    internal static void Draw(Parameter weight, Parameter? bias)
    {
        init.kaiming_uniform_(weight, a: Math.Sqrt(5));
        if (bias is not null)
        {
            var fanIn = init.CalculateFanInAndFanOut(weight).fanIn;
            var bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
            init.uniform_(bias, -bound, bound);
        }
    }
}
