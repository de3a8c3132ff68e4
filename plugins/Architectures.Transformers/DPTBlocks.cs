using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Transformers;

/// <summary>Lets every pixel know what the prefix tokens gathered. Key: project, where they are joined.</summary>
internal sealed class TokenReadout : Module
{
    private readonly Sequential? project;
    private readonly Readout _readout;

    public TokenReadout(int channels, Readout readout, bool tokens) : base(nameof(TokenReadout))
    {
        _readout = readout;
        project = readout == Readout.Concatenate ? Sequential(Linear(tokens ? 2 * channels : channels, channels), GELU()) : null;
        RegisterComponents();
    }

    /// <param name="map">(N, C, h, w).</param>
    /// <param name="tokens">(N, T, C); null where the encoder has none.</param>
    public Tensor forward(Tensor map, Tensor? tokens)
    {
        using var scope = NewDisposeScope();
        return (_readout switch
        {
            Readout.Concatenate => Projected(map, tokens),
            Readout.Add when tokens is not null => map + tokens.mean([1]).unsqueeze(2).unsqueeze(3),
            _ => map.alias(),
        }).MoveToOuterDisposeScope();
    }

    private Tensor Projected(Tensor map, Tensor? tokens)
    {
        var pixels = map.flatten(2).transpose(1, 2);                            // (N, hw, C)
        var known = tokens is null ? pixels : cat([pixels, tokens.narrow(1, 0, 1).expand_as(pixels)], 2);
        return project!.forward(known).transpose(1, 2).reshape(map.shape);
    }
}

/// <summary>Brings a map to the pyramid's size and channels. Keys: project_to_out_channel, upsample, project_to_feature_dim.</summary>
internal sealed class Reassembly : Module<Tensor, Tensor>
{
    private readonly Conv2d project_to_out_channel;
    private readonly Module<Tensor, Tensor> upsample;
    private readonly Conv2d project_to_feature_dim;

    /// <param name="inChannels">Of the encoder's map.</param>
    /// <param name="midChannels">While it is resized.</param>
    /// <param name="outChannels">Of the pyramid.</param>
    /// <param name="from">The map's stride, a power of two.</param>
    /// <param name="to">The stride wanted, a power of two.</param>
    public Reassembly(int inChannels, int midChannels, int outChannels, int from, int to) : base(nameof(Reassembly))
    {
        project_to_out_channel = Conv2d(inChannels, midChannels, 1);
        upsample = from.CompareTo(to) switch
        {
            > 0 => ConvTranspose2d(midChannels, midChannels, from / to, stride: from / to),
            0 => Identity(),
            _ => Conv2d(midChannels, midChannels, 3, stride: to / from, padding: 1),
        };
        project_to_feature_dim = Conv2d(midChannels, outChannels, 3, padding: 1, bias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return project_to_feature_dim.forward(upsample.forward(project_to_out_channel.forward(input))).MoveToOuterDisposeScope();
    }
}

/// <summary>Adds what came from the coarser map, and doubles the size. Keys: residual_conv_block1, residual_conv_block2, project.</summary>
internal sealed class Fusion : Module
{
    private readonly Residual residual_conv_block1, residual_conv_block2;
    private readonly Conv2d project;

    public Fusion(int channels) : base(nameof(Fusion))
    {
        residual_conv_block1 = new Residual(channels);
        residual_conv_block2 = new Residual(channels);
        project = Conv2d(channels, channels, 1);
        RegisterComponents();
    }

    /// <param name="map">(N, C, h, w).</param>
    /// <param name="coarser">Of the same shape; null for the coarsest map.</param>
    public Tensor forward(Tensor map, Tensor? coarser)
    {
        using var scope = NewDisposeScope();
        var x = residual_conv_block1.forward(map);
        x = residual_conv_block2.forward(coarser is null ? x : x + coarser);
        return project.forward(Resampling.Twice(x, InterpolationMode.Bilinear, alignCorners: true)).MoveToOuterDisposeScope();
    }

    private sealed class Residual : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv_1;
        private readonly BatchNorm2d batch_norm_1;
        private readonly Conv2d conv_2;
        private readonly BatchNorm2d batch_norm_2;

        public Residual(int channels) : base(nameof(Residual))
        {
            conv_1 = Conv2d(channels, channels, 3, padding: 1, bias: false);
            batch_norm_1 = BatchNorm2d(channels);
            conv_2 = Conv2d(channels, channels, 3, padding: 1, bias: false);
            batch_norm_2 = BatchNorm2d(channels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = batch_norm_1.forward(conv_1.forward(functional.relu(input)));
            x = batch_norm_2.forward(conv_2.forward(functional.relu(x, inplace: true)));
            return (x + input).MoveToOuterDisposeScope();
        }
    }
}
