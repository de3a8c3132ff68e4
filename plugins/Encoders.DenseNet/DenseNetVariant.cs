using Osteon.Abstractions;

namespace Osteon.Plugins.Encoders.DenseNet;

/// <param name="Stem">Channels before the first block.</param>
/// <param name="Growth">Channels a layer adds.</param>
/// <param name="Layers">Layers in each of the four blocks.</param>
internal sealed record DenseNetVariant(int Stem, int Growth, IReadOnlyList<int> Layers)
{
    /// <summary>Three 3×3 convolutions for a stem.</summary>
    public bool Deep { get; init; }

    /// <summary>Smooths where the stem's map is halved.</summary>
    public bool Blurs { get; init; }

    /// <summary>Of the stem, and of each block, all it has gathered.</summary>
    public int[] Channels
    {
        get
        {
            var channels = new int[Layers.Count + 1];
            channels[0] = Stem;
            for (var i = 0; i < Layers.Count; i++)
            {
                channels[i + 1] = (i == 0 ? Stem : channels[i] / 2) + (Layers[i] * Growth);
            }

            return channels;
        }
    }

    public static DenseNetVariant Named(string name) => name switch
    {
        "densenet121" => new(64, 32, [6, 12, 24, 16]),
        "densenet161" => new(96, 48, [6, 12, 36, 24]),
        "densenet169" => new(64, 32, [6, 12, 32, 32]),
        "densenet201" => new(64, 32, [6, 12, 48, 32]),
        "densenet264d" => new(96, 48, [6, 12, 64, 48]) { Deep = true },
        "densenetblur121d" => new(64, 32, [6, 12, 24, 16]) { Deep = true, Blurs = true },
        _ => throw new ConfigurationException($"encoder '{name}' is no DenseNet that is known here."),
    };
}
