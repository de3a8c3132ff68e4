using Osteon.Abstractions;

namespace Osteon.Models;

/// <summary>Encoders for decoders that climb through maps of falling size.</summary>
public static class PyramidEncoders
{
    /// <summary>Asks for an encoder whose maps have strides 1, 2, 4, … up to the output stride, as all but vision transformers have.</summary>
    /// <param name="factory">Makes it.</param>
    /// <param name="architecture">Who asks, for the message.</param>
    /// <param name="options">Say the depth.</param>
    /// <param name="shape">Says the image's channels.</param>
    /// <param name="outputStride">Total stride of the last map: 32, or 16 or 8 where the encoder is to dilate.</param>
    /// <param name="needed">Maps that the decoder cannot do without; the others may be empty, as the one at half the size is in transformers. Null: from the third on.</param>
    /// <param name="keptStrides">Whether an encoder will do that cannot dilate and keeps its strides up to 32, for the decoder looks at the sizes of the maps that come.</param>
    /// <param name="anySizes">Whether an encoder will do whose maps are smaller than their strides say, for the decoder enlarges each to the size of the next.</param>
    /// <exception cref="ConfigurationException">The encoder has other strides, or a map that is needed is empty.</exception>
    public static Encoder Pyramid(this EncoderFactory factory, string architecture, SegmentationModelOptions options, NetworkShape shape, int outputStride = 32, Range? needed = null, bool keptStrides = false, bool anySizes = false)
    {
        var encoder = factory(new EncoderOptions { InChannels = shape.InChannels, Depth = options.EncoderDepth, OutputStride = outputStride });
        var strides = Strides(options, outputStride);
        if (keptStrides && encoder.Strides.SequenceEqual(Strides(options, 32)))
        {
            strides = Strides(options, 32);
        }

        if (!encoder.Strides.SequenceEqual(strides))
        {
            throw Refused(encoder, $"{architecture} climbs through maps of strides {List(strides)}, and encoder {encoder.GetName()} gives {List(encoder.Strides)}. Choose another encoder.");
        }

        if (!encoder.KeepsSizes && !anySizes)
        {
            throw Refused(encoder, $"{architecture} needs maps of the image's size over their strides, and encoder {encoder.GetName()}, whose convolutions do not pad, gives smaller ones. Choose another encoder, or Unet or Segformer.");
        }

        var empty = Array.IndexOf([.. encoder.Channels], 0);
        return empty < 0 || !Enumerable.Range(0, strides.Length).Take(needed ?? 2..).Contains(empty)
            ? encoder
            : throw Refused(encoder, $"{architecture} at encoder_depth {options.EncoderDepth} needs a map of stride {strides[empty]}, and encoder {encoder.GetName()} has none. Choose another encoder, or another architecture, such as Unet.");
    }

    private static int[] Strides(SegmentationModelOptions options, int outputStride) =>
        [.. Enumerable.Range(0, options.EncoderDepth + 1).Select(stage => Math.Min(1 << stage, outputStride))];

    private static ConfigurationException Refused(Encoder encoder, string why)
    {
        encoder.Dispose();
        return new ConfigurationException(why);
    }

    private static string List(IEnumerable<int> strides) => string.Join(", ", strides);
}
