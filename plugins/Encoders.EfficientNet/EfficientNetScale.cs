using Osteon.Abstractions;

namespace Osteon.Plugins.Encoders.EfficientNet;

/// <summary>How an EfficientNet is scaled from the b0.</summary>
/// <param name="Width">Factor of the channels.</param>
/// <param name="Depth">Factor of the blocks.</param>
/// <param name="Side">Side in pixels of the square images it was made for.</param>
/// <remarks>Tan, Le 2019, arXiv:1905.11946; b8 and l2 as in Google's code.</remarks>
internal sealed record EfficientNetScale(double Width, double Depth, int Side)
{
    /// <summary>b0 to b8, l2.</summary>
    /// <exception cref="ConfigurationException">Another name.</exception>
    public static EfficientNetScale Named(string size) => size switch
    {
        "b0" => new(1.0, 1.0, 224),
        "b1" => new(1.0, 1.1, 240),
        "b2" => new(1.1, 1.2, 260),
        "b3" => new(1.2, 1.4, 300),
        "b4" => new(1.4, 1.8, 380),
        "b5" => new(1.6, 2.2, 456),
        "b6" => new(1.8, 2.6, 528),
        "b7" => new(2.0, 3.1, 600),
        "b8" => new(2.2, 3.6, 672),
        "l2" => new(4.3, 5.3, 800),
        _ => throw new ConfigurationException($"'{size}' is no size of EfficientNet; there are b0 to b8 and l2."),
    };
}
