using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>x1·W·x2 + b, a matrix for each feature of the result.</summary>
public sealed class Bilinear : Module<Tensor, Tensor, Tensor>
{
    internal Bilinear(long in1_features, long in2_features, long out_features, bool hasBias, Device? device, ScalarType? dtype)
        : base(nameof(Bilinear))
    {
        weight = new Parameter(empty([out_features, in1_features, in2_features], dtype, device));
        bias = hasBias ? new Parameter(empty(out_features, dtype, device)) : null;
        var bound = 1 / Math.Sqrt(in1_features);
        init.uniform_(weight, -bound, bound);
        if (bias is not null)
        {
            init.uniform_(bias, -bound, bound);
        }

        register_parameter(nameof(weight), weight);
        register_parameter(nameof(bias), bias);
    }

    /// <summary>(out, in1, in2).</summary>
    public Parameter weight { get; }

    public Parameter? bias { get; }

    public override Tensor forward(Tensor input1, Tensor input2) => functional.bilinear(input1, input2, weight, bias);
}

/// <summary>Splits one dimension into several.</summary>
public sealed class Unflatten : Module<Tensor, Tensor>
{
    private readonly long _dim;
    private readonly long[] _size;

    internal Unflatten(long dim, long[] unflattened_size)
        : base(nameof(Unflatten)) => (_dim, _size) = (dim, unflattened_size);

    public override Tensor forward(Tensor input) => input.unflatten(_dim, _size);
}
