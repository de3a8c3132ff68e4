using static TorchSharp.torch;

namespace Osteon.Models.Tests;

/// <summary>The worked examples of the golden numbers' specification.</summary>
public sealed class GoldenNumbersTests
{
    [Theory]
    [InlineData("encoder.conv1.weight", 0x224DFB53u, 1, 0x9924F6ECu)]
    [InlineData("encoder.bn1.running_var", 0x4D4DE2B5u, 63, 0x703117AFu)]
    [InlineData("input", 0xD82832D7u, 18431, 0x4880F352u)]
    public void Seeds_and_hashes_are_those_of_the_worked_examples(string key, uint seed, int index, uint hash)
    {
        Assert.Equal(seed, GoldenNumbers.Seed(key));
        Assert.Equal(hash, GoldenNumbers.Hash(index, seed));
    }

    [Theory]
    [InlineData("encoder.conv1.weight", new long[] { 64, 3, 7, 7 }, 9407, 0x3DCE47C6u)]
    [InlineData("encoder.bn1.running_var", new long[] { 64 }, 0, 0x3F5BEE4Cu)]
    [InlineData("encoder.bn1.weight", new long[] { 64 }, 0, 0x3F807F09u)]
    [InlineData("segmentation_head.0.bias", new long[] { 3 }, 1, 0xBD8B3268u)]
    public void Weights_are_those_of_the_worked_examples_to_the_bit(string key, long[] shape, int index, uint bits)
    {
        using var scope = NewDisposeScope();
        var weight = zeros(shape);
        GoldenNumbers.FillState([new(key, weight)], gain: 0.9);
        Assert.Equal(bits, BitConverter.SingleToUInt32Bits(weight.data<float>().ToArray()[index]));
    }
}
