using System.Text.Json.Nodes;
using Osteon.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models.Tests;

public sealed class BlocksTests
{
    // Sandler et al. 2018, widths of MobileNetV2 at 0.35, 0.75 and 1.4: to multiples of 8, never more than a tenth down.
    [Theory]
    [InlineData(32 * 0.35, 16)]
    [InlineData(24 * 0.75, 24)]
    [InlineData(96 * 1.4, 136)]
    [InlineData(3, 8)]
    [InlineData(16, 16)]
    public void Channels_are_rounded_to_a_multiple(double channels, int expected) => Assert.Equal(expected, Blocks.MakeDivisible(channels));

    // A 3×3 kernel of ones over a plane of ones counts the pixels under it: 4 in a padded corner, 6 at an edge.
    [Theory]
    [InlineData(4, 2, null, new[] { 9f, 6, 6, 4 })]                 // padded 0 above and left, 1 below and right
    [InlineData(5, 2, null, new[] { 4f, 6, 4, 6, 9, 6, 4, 6, 4 })]  // 1 on all sides
    [InlineData(4, 2, 5, new[] { 4f, 6, 6, 9 })]                    // as a map of 5 would be
    public void Padding_is_TensorFlow_s(int side, int stride, int? nominal, float[] expected)
    {
        using var scope = NewDisposeScope();
        using var convolution = new SameConv2d(1, 1, 3, stride, nominal: nominal);
        init.ones_(convolution.state_dict()["weight"]);
        using var untracked = no_grad();
        Assert.Equal(expected, convolution.forward(ones(1, 1, side, side)).data<float>().ToArray());
    }

    [Fact]
    public void A_stage_is_dilated_in_every_convolution()
    {
        using var scope = NewDisposeScope();
        var (three, one, same) = (Conv2d(1, 1, 3, stride: 2, padding: 1), Conv2d(1, 1, 1, stride: 2), new SameConv2d(1, 1, 5, 2, nominal: 9));
        using var stage = Sequential(three, one, same);
        Dilation.Apply(8, (8, Sequential()), (32, stage));
        Assert.Equal(([1, 1], [4, 4], [4, 4]), (three.stride, three.dilation, three.padding), Same);
        Assert.Equal(([1, 1], [4, 4], [0, 0]), (one.stride, one.dilation, one.padding), Same);
        Assert.Equal([1, 1, 16, 24], stage.forward(zeros(1, 1, 16, 24)).shape);
    }

    [Theory]
    [InlineData("\"batchnorm\"", Normalization.BatchNorm, true)]
    [InlineData("true", Normalization.BatchNorm, true)]
    [InlineData("\"inplace\"", Normalization.BatchNorm, true)]
    [InlineData("false", Normalization.Identity, true)]
    [InlineData("\"layernorm\"", Normalization.LayerNorm, true)]
    [InlineData("{\"type\": \"instancenorm\", \"affine\": false}", Normalization.InstanceNorm, false)]
    public void Normalisation_is_read_as_SMP_writes_it(string written, Normalization kind, bool affine)
    {
        var norm = Norm.Of("decoder_use_norm", JsonNode.Parse(written));
        Assert.Equal((kind, affine), (norm.Kind, norm.Affine));
        Assert.Equal(affine && kind != Normalization.Identity, norm.Layer(8).parameters().Any());
    }

    [Theory]
    [InlineData("\"groupnorm\"")]
    [InlineData("{\"affine\": true}")]
    [InlineData("{\"type\": \"batchnorm\", \"epsilon\": 1}")]
    [InlineData("null")]
    public void Other_normalisations_are_refused(string written) => Assert.Contains(
        "decoder_use_norm", Assert.Throws<ConfigurationException>(() => Norm.Of("decoder_use_norm", JsonNode.Parse(written))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_layer_normalisation_of_maps_is_over_the_channels_of_a_pixel()
    {
        using var scope = NewDisposeScope();
        using var norm = new LayerNorm2d(2);
        var given = norm.forward(tensor([1f, 10, 3, 30], [1, 2, 1, 2])).data<float>().ToArray();
        Assert.All(given.Zip([-1f, -1, 1, 1]), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }

    private static bool Same((long[], long[], long[]) a, (long[], long[], long[]) b) =>
        a.Item1.SequenceEqual(b.Item1) && a.Item2.SequenceEqual(b.Item2) && a.Item3.SequenceEqual(b.Item3);
}
