using Osteon.Abstractions;
using Osteon.Masks;
using Xunit;
using static TorchSharp.torch;

namespace Osteon.Testing;

/// <summary>What every architecture keeps; <see cref="ArchitectureContract{T}"/> checks them for a class.</summary>
public static class ArchitectureLaws
{
    private static readonly Frame s_logits = new(32, 64);
    private const int Images = 2;

    /// <summary>Logits have the classes and the size asked for, and every output is what it is declared as, for 1, 3 and 4 image channels.</summary>
    /// <param name="architecture">Builds the networks.</param>
    /// <param name="encoder">Makes the encoder, of the channels it is told.</param>
    public static void OutputsAreAsDeclared(Architecture architecture, Func<int, EncoderFactory> encoder)
    {
        foreach (var shape in new[] { new NetworkShape(1, 3), new NetworkShape(3, 1), new NetworkShape(4, 2) })
        {
            using var scope = NewDisposeScope();
            using var untracked = no_grad();
            using var network = ModuleLaws.Built(() => architecture.Build(shape, encoder(shape.InChannels)));
            var what = $"{network.GetName()}, {shape.InChannels} channels, {shape.Classes} classes,";
            network.eval();
            var input = Image(network, shape.InChannels);
            var outputs = network.ForwardAll(input);
            Assert.True(outputs.Count == network.Outputs.Count, $"{what} declares {network.Outputs.Count} outputs and gives {outputs.Count}.");
            var logits = network.Sizes.Logits(new Frame((int)input.shape[2], (int)input.shape[3]));
            long[] main = network.Outputs[0].Kind is OutputKind.ImageLogits ? [Images, shape.Classes] : [Images, shape.Classes, logits.Height, logits.Width];
            Assert.True(main.SequenceEqual(outputs[0].shape), $"{what} must give logits of ({string.Join(", ", main)}) and gives ({string.Join(", ", outputs[0].shape)}).");
            foreach (var (output, declared) in outputs.Zip(network.Outputs).Skip(1))
            {
                var fits = output.shape[0] == Images && (declared.Kind is OutputKind.Presence
                    ? output.ndim == 2
                    : output.ndim == 4 && output.shape[1] == shape.Classes && output.shape[2] <= logits.Height && output.shape[3] <= logits.Width);
                Assert.True(fits, $"{what} declares {declared.Kind} and gives ({string.Join(", ", output.shape)}).");
            }
        }
    }

    /// <summary>Logits start where the shape says: in all of them a bias, and nothing that moves it.</summary>
    /// <param name="architecture">Builds the networks.</param>
    /// <param name="encoder">Makes the encoder, of the channels it is told.</param>
    public static void LogitsStartWhereTheShapeSays(Architecture architecture, Func<int, EncoderFactory> encoder)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var network = architecture.Build(new NetworkShape(3, 2) { HeadBias = [-3, 1.5] }, encoder(3));
        foreach (var parameter in network.parameters().Where(p => p.ndim > 1))
        {
            parameter.zero_();                                      // all that is left are the biases
        }

        network.eval();
        var mean = network.forward(Image(network, 3)).view(Images, 2, -1).mean([0, 2]).data<float>().ToArray();
        Assert.True(Math.Abs(mean[0] + 3) < 1e-4 && Math.Abs(mean[1] - 1.5) < 1e-4, $"{network.GetName()}: logits asked to start at -3 and 1.5 start at {mean[0]} and {mean[1]}.");
    }

    /// <summary>A step of training on all outputs reaches every parameter.</summary>
    /// <param name="network">With weights; its running statistics change, and its weights a little.</param>
    /// <param name="inChannels">Of the images it takes.</param>
    /// <param name="spared">Keys of parameters that its reference has and does not use; null for none.</param>
    public static void GradientReachesEveryParameter(Network network, int inChannels, Func<string, bool>? spared = null)
    {
        using var scope = NewDisposeScope();
        var input = Image(network, inChannels);
        ModuleLaws.Stir(network);
        ModuleLaws.GradientReachesEveryParameter(network.GetName(), network, () => network.ForwardAll(input), spared ?? (_ => false));
    }

    /// <summary>Evaluation is a function, and its first output is what a call gives; nothing is left behind.</summary>
    /// <param name="network">With weights.</param>
    /// <param name="inChannels">Of the images it takes.</param>
    public static void EvaluationIsDeterministic(Network network, int inChannels)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var input = Image(network, inChannels);
        ModuleLaws.EvaluationIsDeterministic(network.GetName(), network, network.ForwardAll, input);
        ModuleLaws.LeavesNothingBehind(network.GetName(), network, () => [network.forward(input)], input);
        Assert.Equal(network.ForwardAll(input)[0].data<float>().ToArray(), network.forward(input).data<float>().ToArray());
    }

    /// <summary>Weights that are saved, and loaded into another instance, give the same logits.</summary>
    /// <param name="network">With weights.</param>
    /// <param name="inChannels">Of the images it takes.</param>
    /// <param name="another">A new instance of the same.</param>
    public static void SavedAndLoadedGivesTheSame(Network network, int inChannels, Func<Network> another)
    {
        using var scope = NewDisposeScope();
        var input = Image(network, inChannels);
        ModuleLaws.SavedAndLoadedGivesTheSame(network, another, built => built.ForwardAll(input));
    }

    private static Tensor Image(Network network, int inChannels)
    {
        var frame = network.Sizes.For(s_logits);
        return ModuleLaws.Wave(Images, inChannels, frame.Height, frame.Width);
    }
}
