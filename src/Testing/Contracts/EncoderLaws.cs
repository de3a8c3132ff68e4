using Osteon.Abstractions;
using Osteon.Masks;
using Xunit;
using static TorchSharp.torch;

namespace Osteon.Testing;

/// <summary>What every encoder keeps, each law for one name; <see cref="EncoderContract{T}"/> checks them for all names of a class.</summary>
public static class EncoderLaws
{
    // Not square, so that height and width cannot be mixed up; two images, so that batch normalisation has something to do.
    private static readonly Frame s_image = new(32, 64);
    private const int Images = 2;

    /// <summary>Maps have the channels and the strides that are declared, at every depth and output stride that is not refused.</summary>
    /// <param name="create">Builds the encoder that the options name.</param>
    /// <param name="asked">The name; depths and output strides are varied, one at a time.</param>
    public static void MapsAreAsDeclared(Func<EncoderOptions, Encoder> create, EncoderOptions asked)
    {
        ForwardsAsDeclared(create, asked, refusable: false);
        foreach (var varied in new[] { asked with { Depth = 4 }, asked with { Depth = 3 }, asked with { OutputStride = 16 }, asked with { OutputStride = 8 } })
        {
            ForwardsAsDeclared(create, varied, refusable: true);
        }
    }

    /// <summary>Images of 1, 3 and 4 channels are taken.</summary>
    /// <param name="create">Builds the encoder that the options name.</param>
    /// <param name="asked">The name; the channels are varied.</param>
    public static void TakesOneThreeAndFourChannels(Func<EncoderOptions, Encoder> create, EncoderOptions asked)
    {
        foreach (var channels in new[] { 1, 3, 4 })
        {
            ForwardsAsDeclared(create, asked with { InChannels = channels }, refusable: false);
        }
    }

    /// <summary>What can be seen without computing: as many maps as the depth, strides that do not fall, names of parameters that differ.</summary>
    /// <param name="encoder">Its weights are not looked at.</param>
    /// <param name="asked">What it was built for.</param>
    public static void DeclaresItsMaps(Encoder encoder, EncoderOptions asked)
    {
        Assert.True(encoder.GetName() == asked.Name, $"encoder {asked.Name} calls itself {encoder.GetName()}.");
        Assert.True(encoder.Channels.Count == encoder.Strides.Count, $"encoder {asked.Name} declares {encoder.Channels.Count} channels and {encoder.Strides.Count} strides; each map has one of each.");
        Assert.True(encoder.Channels.All(c => c >= 0) && encoder.Channels[^1] > 0, $"encoder {asked.Name} declares the channels {string.Join(", ", encoder.Channels)}; the last must be above 0.");
        Assert.True(encoder.Strides.Zip(encoder.Strides.Skip(1)).All(s => s.First <= s.Second), $"encoder {asked.Name} declares the strides {string.Join(", ", encoder.Strides)}; they must not fall.");
        // One that cannot reach an output stride refuses it, or keeps all its strides and says so; architectures look.
        Assert.True(encoder.Strides[^1] <= asked.OutputStride || encoder.Strides[^1] == 1 << (encoder.Strides.Count - 1),
            $"encoder {asked.Name} declares a last stride of {encoder.Strides[^1]} where {asked.OutputStride} was asked for.");
        Assert.NotEmpty(encoder.named_parameters());
    }

    /// <summary>A step of training reaches every parameter.</summary>
    /// <param name="encoder">With weights; its running statistics change, and its weights a little.</param>
    /// <param name="inChannels">Of the images it takes.</param>
    /// <param name="spared">Keys of parameters that its reference has and does not use, so that files of weights fit; null for none.</param>
    public static void GradientReachesEveryParameter(Encoder encoder, int inChannels, Func<string, bool>? spared = null)
    {
        using var scope = NewDisposeScope();
        var input = Image(encoder, inChannels);
        ModuleLaws.Stir(encoder);
        ModuleLaws.GradientReachesEveryParameter($"encoder {encoder.GetName()}", encoder, () => encoder.forward(input).Where(map => !ReferenceEquals(map, input)), spared ?? (_ => false));
    }

    /// <summary>Evaluation is a function: the same bits each time, whatever stands beside an image in its batch; nothing is left behind.</summary>
    /// <param name="encoder">With weights.</param>
    /// <param name="inChannels">Of the images it takes.</param>
    public static void EvaluationIsDeterministic(Encoder encoder, int inChannels)
    {
        using var scope = NewDisposeScope();
        var input = Image(encoder, inChannels);
        var what = $"encoder {encoder.GetName()}";
        ModuleLaws.EvaluationIsDeterministic(what, encoder, encoder.forward, input);
        ModuleLaws.LeavesNothingBehind(what, encoder, () => encoder.forward(input), input);
    }

    /// <summary>Weights that are saved, and loaded into another instance, give the same maps.</summary>
    /// <param name="encoder">With weights.</param>
    /// <param name="inChannels">Of the images it takes.</param>
    /// <param name="another">A new instance of the same.</param>
    public static void SavedAndLoadedGivesTheSame(Encoder encoder, int inChannels, Func<Encoder> another)
    {
        using var scope = NewDisposeScope();
        var input = Image(encoder, inChannels);
        ModuleLaws.SavedAndLoadedGivesTheSame(encoder, another, built => built.forward(input));
    }

    /// <summary>One forward pass, for what its maps look like; weights are whatever memory held, since shapes do not depend on them.</summary>
    /// <param name="create">Builds the encoder that the options name.</param>
    /// <param name="asked">All of it is kept.</param>
    /// <param name="refusable">Whether a <see cref="ConfigurationException"/> is an answer as well.</param>
    public static void ForwardsAsDeclared(Func<EncoderOptions, Encoder> create, EncoderOptions asked, bool refusable)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        Encoder encoder;
        try
        {
            encoder = ModuleLaws.Built(() => create(asked));
        }
        catch (ConfigurationException) when (refusable)
        {
            return;
        }

        using var owned = encoder;
        DeclaresItsMaps(encoder, asked);
        encoder.eval();
        var input = Image(encoder, asked.InChannels);
        var maps = encoder.forward(input);
        Assert.True(encoder.HasPrefixTokens ? maps.Count >= encoder.Channels.Count : maps.Count == encoder.Channels.Count,
            $"encoder {asked.Name}, depth {asked.Depth}, declares {encoder.Channels.Count} maps and gives {maps.Count}.");
        for (var i = 0; i < encoder.Channels.Count; i++)
        {
            long[] declared = [Images, encoder.Channels[i], input.shape[2] / encoder.Strides[i], input.shape[3] / encoder.Strides[i]];
            // Without padding, a map may be smaller.
            Assert.True(declared.SequenceEqual(maps[i].shape) || (!encoder.KeepsSizes && maps[i].shape.Zip(declared).All(side => side.First > 0 && side.First <= side.Second) && maps[i].shape[1] == declared[1]),
                $"encoder {asked.Name}, depth {asked.Depth}, output stride {asked.OutputStride}, declares map {i} of ({string.Join(", ", declared)}) and gives ({string.Join(", ", maps[i].shape)}).");
        }
    }

    private static Tensor Image(Encoder encoder, int inChannels)
    {
        int Side(int side) => (Math.Max(side, encoder.LeastSide) + encoder.SizeMultiple - 1) / encoder.SizeMultiple * encoder.SizeMultiple;
        var frame = encoder.OnlySize ?? new Frame(Side(s_image.Height), Side(s_image.Width));
        return ModuleLaws.Wave(Images, inChannels, frame.Height, frame.Width);
    }
}
