using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Models;
using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Runner;

/// <summary>
/// Makes a network faster for predictions: every normalisation that is the one user of a convolution's result is folded into the
/// convolution. Which they are is seen in a forward pass, so that it holds for any network.
/// </summary>
/// <remarks>Jacob et al. 2018, arXiv:1712.05877, section 3.2.</remarks>
public static class Fusion
{
    /// <summary>How far logits may move, as a share of their deviation or mean size.</summary>
    public const double Tolerance = 1e-4;

    private const int Side = 64;

    /// <summary>Folds all normalisations that fold, and compares the logits of one image with those from before.</summary>
    /// <param name="network">Left in evaluation; its state dictionary is another afterwards.</param>
    /// <param name="channels">Image channels.</param>
    /// <returns>How many were folded.</returns>
    /// <exception cref="ConfigurationException">Logits have moved by more than rounding explains.</exception>
    public static int Fold(Network network, int channels)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        network.eval();
        var side = network.Sizes.Only ?? network.Sizes.For(new Frame(Side, Side));
        var first = network.parameters().FirstOrDefault();
        var volume = first?.ndim == 5;
        long[] shape = volume ? [1, channels, side.Height, side.Height, side.Width] : [1, channels, side.Height, side.Width];
        var image = (arange(shape.Aggregate(1L, (n, s) => n * s), ScalarType.Float32, first?.device ?? CPU) * 0.7).sin().reshape(shape);
        var (before, pairs) = Traced(network, image);
        foreach (var (convolution, norm) in pairs)
        {
            var (scale, shift) = norm.Line()!.Value;
            if (convolution is Convolution plain)
            {
                plain.Fold(scale, shift);
            }
            else
            {
                ((SameConv2d)convolution).Fold(scale, shift);
            }

            norm.PassOn();
        }

        Compare(before, network.forward(image));
        return pairs.Count;
    }

    /// <summary>The same network over an encoder whose branches are single convolutions.</summary>
    /// <param name="trained">Disposed.</param>
    /// <param name="encoder">Its encoder.</param>
    /// <param name="build">Builds the architecture anew, over the encoder that it is given.</param>
    public static Network Unbranched(Network trained, IReparameterizable encoder, Func<EncoderFactory, Network> build)
    {
        using var old = trained;
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var skip = Undrawn.Scope();
        var network = build(_ => encoder.Reparameterized());
        var learnt = trained.state_dict();
        foreach (var (key, value) in network.state_dict().Where(entry => learnt.ContainsKey(entry.Key)))
        {
            value.set_(learnt[key]);                                // the same memory, which outlives the old network
        }

        network.eval();
        return network;
    }

    // Convolutions called once, whose result one normalisation alone uses, which is called once too.
    private static (Tensor Logits, List<(Module Convolution, BatchNorm Norm)> Pairs) Traced(Network network, Tensor image)
    {
        var owners = (from module in network.modules()
                      where module is Convolution or SameConv2d or BatchNorm
                      from parameter in module.named_parameters(recurse: false)
                      where parameter.name == "weight"
                      select (parameter.parameter.Handle, Module: module)).DistinctBy(owner => owner.Handle).ToDictionary(owner => owner.Handle, owner => owner.Module);
        var weights = network.parameters().Where(parameter => owners.GetValueOrDefault(parameter.Handle) is Convolution or SameConv2d);
        using var trace = new UseTrace(weights);
        var logits = network.forward(image);
        var pairs = new List<(Module, BatchNorm)>();
        foreach (var result in trace.Results.Where(result => result.Handle != logits.Handle && trace.Calls(result.Weight) == 1))
        {
            if (result.Uses is [{ Operator: "batch_norm", Argument: 0, Weight: var weight }] && trace.Calls(weight) == 1
                && owners.GetValueOrDefault(weight) is BatchNorm { running_mean: not null, running_var: not null } norm
                && owners[result.Weight] is var convolution && convolution is not (ConvTranspose1d { groups: > 1 } or ConvTranspose2d { groups: > 1 } or ConvTranspose3d { groups: > 1 }))
            {
                pairs.Add((convolution, norm));
            }
        }

        return (logits, pairs);
    }

    /// <summary>That two networks give the same logits but for rounding.</summary>
    /// <exception cref="ConfigurationException">They do not.</exception>
    private static void Compare(Tensor before, Tensor after)
    {
        var moved = (after - before).abs().max().item<float>();
        var size = Math.Max(before.std(unbiased: false).item<float>(), before.abs().mean().item<float>());
        if (moved > Tolerance * size || float.IsNaN(moved))
        {
            throw new ConfigurationException($"infer.fuse: folding normalisations into convolutions moves logits by {moved:g2}, and their size is {size:g2}; more than {Tolerance:g2} of it is not allowed. Set infer.fuse: false.");
        }
    }
}
