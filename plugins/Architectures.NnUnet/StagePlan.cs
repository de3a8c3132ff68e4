using System.Text.Json.Nodes;
using Osteon.Abstractions;

namespace Osteon.Plugins.Architectures.NnUnet;

/// <summary>What the stages are made of, the finest first.</summary>
/// <param name="Channels">Of each stage.</param>
/// <param name="Kernels">Of each stage, one side for each axis.</param>
/// <param name="Strides">Of each stage's first convolution, one for each axis.</param>
/// <param name="DecoderConvolutions">Of each stage of the decoder, the coarsest first.</param>
internal sealed record StagePlan(IReadOnlyList<int> Channels, IReadOnlyList<long[]> Kernels, IReadOnlyList<long[]> Strides, IReadOnlyList<int> DecoderConvolutions)
{
    /// <summary>Stages of the encoder.</summary>
    public int Stages => Channels.Count;

    /// <summary>Reads the options.</summary>
    /// <param name="options">Of any of the networks.</param>
    /// <param name="axes">2 or 3.</param>
    /// <param name="decoderConvolutions">For each stage of the decoder, where nothing is said.</param>
    /// <exception cref="ConfigurationException">A list has not the stages' length, or a number is outside what is allowed.</exception>
    public static StagePlan Of(NnUnetOptions options, int axes, int decoderConvolutions)
    {
        var kernels = StageNumbers.OfAxes("kernel_sizes", options.KernelSizes, options.NStages, axes);
        if (kernels.Any(kernel => kernel.Any(side => side % 2 == 0)))
        {
            throw new ConfigurationException($"kernel_sizes {options.KernelSizes!.ToJsonString()} must be odd, so that convolutions keep the size.");
        }

        return new StagePlan(
            StageNumbers.Of("features_per_stage", options.FeaturesPerStage ?? List(options.NStages, stage => Math.Min(32 << stage, axes == 2 ? 512 : 320)), options.NStages),
            kernels,
            StageNumbers.OfAxes("strides", options.Strides ?? List(options.NStages, stage => stage == 0 ? 1 : 2), options.NStages, axes),
            StageNumbers.Of("n_conv_per_stage_decoder", options.NConvPerStageDecoder ?? decoderConvolutions, options.NStages - 1));
    }

    /// <summary>What image sides are a multiple of, so that every enlarged map meets the encoder's.</summary>
    public int SizeMultiple => Enumerable.Range(0, Strides[0].Length)
        .Select(axis => (int)Strides.Aggregate(1L, (product, stride) => product * stride[axis]))
        .Aggregate(1, (a, b) => a / (int)System.Numerics.BigInteger.GreatestCommonDivisor(a, b) * b);

    private static JsonArray List(int stages, Func<int, int> of) => [.. Enumerable.Range(0, stages).Select(stage => (JsonNode)of(stage))];
}
