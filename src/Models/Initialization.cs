using Osteon.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>First values of weights as the references draw them, from libtorch's generator.</summary>
public static class Initialization
{
    /// <summary>Of the weights of vision transformers.</summary>
    public const double TransformerDeviation = 0.02;

    /// <summary>torchvision's for ResNets: normal by fan out for convolutions, 1 and 0 for batch normalisation.</summary>
    /// <remarks>He et al. 2015, arXiv:1502.01852.</remarks>
    public static void Encoder(Module module)
    {
        module.apply(part =>
        {
            switch (part)
            {
                case Conv2d convolution:
                    init.kaiming_normal_(convolution.weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
                    Zero(convolution.bias);
                    break;
                case BatchNorm2d norm:
                    Neutral(norm.weight, norm.bias);
                    break;
            }
        });
    }

    /// <summary>timm's for residual networks: normal by fan out for convolutions; the rest stays as its blocks have made it.</summary>
    /// <param name="module">All convolutions in it are drawn.</param>
    /// <param name="perGroup">Fan out counts one group's channels, and biases start at 0: RegNet and its kin.</param>
    public static void Convolutions(Module module, bool perGroup = false)
    {
        module.apply(part =>
        {
            if (part is Conv2d convolution)
            {
                var shape = convolution.weight.shape;
                var fan = shape[0] * shape[2] * shape[3] / (perGroup ? convolution.groups : 1);
                init.normal_(convolution.weight, std: Math.Sqrt(2.0 / fan));
                Zero(perGroup ? convolution.bias : null);
            }
        });
    }

    /// <summary>SMP's initialize_decoder: uniform by fan in for convolutions, Xavier for linear layers, 1 and 0 for normalisations.</summary>
    public static void Decoder(Module module)
    {
        module.apply(part =>
        {
            switch (part)
            {
                case Conv2d convolution:
                    init.kaiming_uniform_(convolution.weight, mode: init.FanInOut.FanIn, nonlinearity: init.NonlinearityType.ReLU);
                    Zero(convolution.bias);
                    break;
                case BatchNorm2d norm:
                    Neutral(norm.weight, norm.bias);
                    break;
                case GroupNorm norm:
                    Neutral(norm.weight, norm.bias);
                    break;
                case Linear linear:
                    init.xavier_uniform_(linear.weight);
                    Zero(linear.bias);
                    break;
            }
        });
    }

    /// <summary>What vision transformers have in common: linear layers normal with a deviation of 0.02, cut at 2, and biases 0.</summary>
    public static void Transformer(Module module)
    {
        module.apply(part =>
        {
            if (part is Linear linear)
            {
                init.trunc_normal_(linear.weight, std: TransformerDeviation);
                Zero(linear.bias);
            }
        });
    }

    /// <summary>Convolutions and linear layers normal with a deviation of 0.02, cut at 2, and biases 0.</summary>
    public static void TruncatedNormal(Module module)
    {
        module.apply(part =>
        {
            if (part is TorchSharp.Modules.Conv2d or TorchSharp.Modules.Linear)
            {
                init.trunc_normal_(part.get_parameter("weight")!, std: TransformerDeviation);
                Zero(part.get_parameter("bias"));
            }
        });
    }

    /// <summary>SMP's initialize_head: Xavier for convolutions and linear layers, biases 0 or, where the shape says so, its own.</summary>
    /// <param name="module">Its last layer gives the logits.</param>
    /// <param name="shape">Where logits start; null starts them at 0.</param>
    public static void Head(Module module, NetworkShape? shape = null)
    {
        Parameter? last = null;
        module.apply(part =>
        {
            if (part is TorchSharp.Modules.Conv2d or TorchSharp.Modules.Linear)
            {
                var (weight, bias) = part is TorchSharp.Modules.Conv2d convolution ? (convolution.weight, convolution.bias) : (((TorchSharp.Modules.Linear)part).weight, ((TorchSharp.Modules.Linear)part).bias);
                init.xavier_uniform_(weight);
                Zero(bias);
                last = bias;
            }
        });
        Logits(last, shape);
    }

    /// <summary>Starts logits where the shape says; where it says nothing, the bias stays as drawn.</summary>
    /// <param name="bias">(K), of the layer that gives the logits.</param>
    /// <param name="shape">Where logits start.</param>
    public static void Logits(Parameter? bias, NetworkShape? shape)
    {
        if (bias is null || shape?.HeadBias is not { } values)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        bias.copy_(tensor([.. values.Select(v => (float)v)], [values.Count]));
    }

    private static void Zero(Parameter? bias)
    {
        if (bias is not null)
        {
            init.zeros_(bias);
        }
    }

    private static void Neutral(Parameter? weight, Parameter? bias)
    {
        if (weight is not null)
        {
            init.ones_(weight);
        }

        Zero(bias);
    }
}
