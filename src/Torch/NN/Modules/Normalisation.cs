using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Normalises groups of channels of each image, whatever the batch.</summary>
public sealed class GroupNorm : Module<Tensor, Tensor>
{
    private readonly long _groups;
    private readonly double _eps;

    internal GroupNorm(long num_groups, long num_channels, double eps, bool affine, Device? device, ScalarType? dtype)
        : base(nameof(GroupNorm))
    {
        (_groups, _eps) = (num_groups, eps);
        weight = affine ? new Parameter(ones(num_channels, dtype, device)) : null;
        bias = affine ? new Parameter(zeros(num_channels, dtype, device)) : null;
        register_parameter(nameof(weight), weight);
        register_parameter(nameof(bias), bias);
    }

    public Parameter? weight { get; }

    public Parameter? bias { get; }

    public override Tensor forward(Tensor input) => functional.group_norm(input, _groups, weight, bias, _eps);
}

/// <summary>Normalises each sample over its last dimensions, as many as normalized_shape has (Ba et al. 2016, arXiv:1607.06450).</summary>
public sealed class LayerNorm : Module<Tensor, Tensor>
{
    private readonly double _eps;

    internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(LayerNorm))
    {
        (this.normalized_shape, _eps) = (normalized_shape, eps);
        weight = elementwise_affine ? new Parameter(ones(normalized_shape, dtype, device)) : null;
        this.bias = elementwise_affine && bias ? new Parameter(zeros(normalized_shape, dtype, device)) : null;
        register_parameter(nameof(weight), weight);
        register_parameter(nameof(bias), this.bias);
    }

    public long[] normalized_shape { get; }

    public Parameter? weight { get; }

    public Parameter? bias { get; }

    public override Tensor forward(Tensor input) => functional.layer_norm(input, normalized_shape, weight, bias, _eps);
}
