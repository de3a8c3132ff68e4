using System.Text.Json.Nodes;
using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.NnUnet;

/// <summary>Makes the layers that the options name, for images or volumes.</summary>
internal sealed class Layers
{
    private readonly NnUnetOptions _options;
    private readonly string? _norm;

    /// <exception cref="ConfigurationException">A name is unknown, or of other dimensions than the convolution.</exception>
    public Layers(NnUnetOptions options)
    {
        _options = options;
        Axes = Last(options.ConvOp) switch
        {
            "Conv2d" => 2,
            "Conv3d" => 3,
            _ => throw new ConfigurationException($"conv_op '{options.ConvOp}' is unknown; Conv2d and Conv3d are allowed."),
        };
        _norm = options.NormOp is null ? null : Last(options.NormOp) switch
        {
            "InstanceNorm" or "BatchNorm" => Last(options.NormOp),
            var name when name == $"InstanceNorm{Axes}d" || name == $"BatchNorm{Axes}d" => name[..^2],
            _ => throw new ConfigurationException($"norm_op '{options.NormOp}' is unknown; InstanceNorm{Axes}d, BatchNorm{Axes}d and null are allowed beside conv_op {options.ConvOp}."),
        };
        Nonlinearity()?.Dispose();                                  // refuses now what would be refused at the first layer
        Dropout()?.Dispose();
    }

    /// <summary>2 for images, 3 for volumes.</summary>
    public int Axes { get; }

    /// <summary>Whether convolutions have a bias.</summary>
    public bool Bias => _options.ConvBias;

    /// <summary>Pads by half the kernel.</summary>
    public Module<Tensor, Tensor> Convolution(int inChannels, int outChannels, long[] kernel, long[] stride, bool bias)
    {
        var padding = Array.ConvertAll(kernel, side => (side - 1) / 2);
        return Axes == 2
            ? Conv2d(inChannels, outChannels, Pair(kernel), stride: Pair(stride), padding: Pair(padding), bias: bias)
            : Conv3d(inChannels, outChannels, Triple(kernel), stride: Triple(stride), padding: Triple(padding), bias: bias);
    }

    /// <summary>Enlarges by the stride, without overlap.</summary>
    public Module<Tensor, Tensor> Enlargement(int inChannels, int outChannels, long[] stride) => Axes == 2
        ? ConvTranspose2d(inChannels, outChannels, Pair(stride), stride: Pair(stride), bias: Bias)
        : ConvTranspose3d(inChannels, outChannels, Triple(stride), stride: Triple(stride), bias: Bias);

    /// <summary>Averages windows of the stride's size.</summary>
    public Module<Tensor, Tensor> Pooling(long[] stride) => Axes == 2
        ? AvgPool2d(Pair(stride), stride: Pair(stride))
        : AvgPool3d(Triple(stride), stride: Triple(stride));

    /// <summary>Null where there is none.</summary>
    public Module<Tensor, Tensor>? Normalisation(int channels)
    {
        var (eps, momentum) = (Number("norm_op_kwargs", _options.NormOpKwargs, "eps", 1e-5), Number("norm_op_kwargs", _options.NormOpKwargs, "momentum", 0.1));
        var affine = Flag("norm_op_kwargs", _options.NormOpKwargs, "affine", _norm == "BatchNorm");
        var track = Flag("norm_op_kwargs", _options.NormOpKwargs, "track_running_stats", _norm == "BatchNorm");
        return (_norm, Axes) switch
        {
            (null, _) => null,
            ("BatchNorm", 2) => BatchNorm2d(channels, eps, momentum, affine, track),
            ("BatchNorm", _) => BatchNorm3d(channels, eps, momentum, affine, track),
            (_, 2) => InstanceNorm2d(channels, eps, momentum, affine, track),
            _ => InstanceNorm3d(channels, eps, momentum, affine, track),
        };
    }

    /// <summary>Null where there is none.</summary>
    public Module<Tensor, Tensor>? Dropout()
    {
        var (share, inplace) = (Number("dropout_op_kwargs", _options.DropoutOpKwargs, "p", 0.5), Flag("dropout_op_kwargs", _options.DropoutOpKwargs, "inplace", false));
        if (share is not (>= 0 and < 1))
        {
            throw new ConfigurationException($"dropout_op_kwargs.p {share} must be at least 0 and below 1.");
        }

        return _options.DropoutOp is null ? null : Last(_options.DropoutOp) switch
        {
            "Dropout" => nn.Dropout(share, inplace),
            "Dropout2d" => Dropout2d(share, inplace),
            "Dropout3d" => Dropout3d(share, inplace),
            _ => throw new ConfigurationException($"dropout_op '{_options.DropoutOp}' is unknown; Dropout, Dropout2d, Dropout3d and null are allowed."),
        };
    }

    /// <summary>Null where there is none.</summary>
    public Module<Tensor, Tensor>? Nonlinearity()
    {
        var inplace = Flag("nonlin_kwargs", _options.NonlinKwargs, "inplace", false);
        return _options.Nonlin is null ? null : Last(_options.Nonlin) switch
        {
            "LeakyReLU" => LeakyReLU(Number("nonlin_kwargs", _options.NonlinKwargs, "negative_slope", 0.01), inplace),
            "ReLU" => ReLU(inplace),
            "GELU" => GELU(),
            "SiLU" => SiLU(inplace),
            "ELU" => ELU(Number("nonlin_kwargs", _options.NonlinKwargs, "alpha", 1), inplace),
            "PReLU" => PReLU(1),
            "Mish" => Mish(inplace),
            _ => throw new ConfigurationException($"nonlin '{_options.Nonlin}' is unknown; LeakyReLU, ReLU, GELU, SiLU, ELU, PReLU, Mish and null are allowed."),
        };
    }

    // Plans name classes with their modules: torch.nn.modules.conv.Conv2d.
    private static string Last(string name) => name[(name.LastIndexOf('.') + 1)..];

    private static double Number(string option, JsonObject? arguments, string key, double standard) => arguments?[key] switch
    {
        null => standard,
        var node when node.GetValueKind() == System.Text.Json.JsonValueKind.Number => (double)node,
        var node => throw new ConfigurationException($"{option}.{key} {node.ToJsonString()} must be a number."),
    };

    private static bool Flag(string option, JsonObject? arguments, string key, bool standard) => arguments?[key] switch
    {
        null => standard,
        var node when node.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => (bool)node,
        var node => throw new ConfigurationException($"{option}.{key} {node.ToJsonString()} must be true or false."),
    };

    private static (long, long) Pair(long[] values) => (values[0], values[1]);

    private static (long, long, long) Triple(long[] values) => (values[0], values[1], values[2]);
}
