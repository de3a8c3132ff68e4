using Osteon.Masks;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MaxxViT;

/// <summary>Attention of (N, L, C) in heads of 32 channels, which knows how pixels lie to each other. Keys: qkv, rel_pos, proj.</summary>
internal sealed class PixelAttention : Module<Tensor, Tensor>
{
    private const int Head = 32;

    private readonly Module<Tensor, Tensor> qkv;
    private readonly PixelPositions rel_pos;
    private readonly Module<Tensor, Tensor> proj;
    private readonly int _heads;
    private readonly bool _headFirst, _convolutions;

    /// <param name="design">Of attention.</param>
    /// <param name="inChannels">Channels in.</param>
    /// <param name="outChannels">Channels out.</param>
    /// <param name="channels">Channels of all heads.</param>
    /// <param name="window">The pixels that come.</param>
    /// <param name="convolutions">Whether the layers are 1×1 convolutions: CoAtNet's are, whose heads come first whatever the design.</param>
    public PixelAttention(AttentionDesign design, int inChannels, int outChannels, int channels, Frame window, bool convolutions = false) : base(nameof(PixelAttention))
    {
        (_heads, _headFirst, _convolutions) = (channels / Head, convolutions || design.HeadFirst, convolutions);
        qkv = convolutions ? Conv2d(inChannels, 3 * channels, 1) : Linear(inChannels, 3 * channels);
        rel_pos = new PixelPositions(design, window, _heads);
        proj = convolutions ? Conv2d(channels, outChannels, 1) : Linear(channels, outChannels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (images, length) = (input.shape[0], input.shape[1]);
        var all = Layer(qkv, input);
        var parts = _headFirst
            ? all.reshape(images, length, _heads, 3, Head).permute(3, 0, 2, 1, 4).unbind()
            : all.reshape(images, length, 3, _heads, Head).permute(2, 0, 3, 1, 4).unbind();
        var x = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], rel_pos.Scores());
        return Layer(proj, x.transpose(1, 2).reshape(images, length, -1)).MoveToOuterDisposeScope();
    }

    // A 1×1 convolution sees rows of pixels as a map that is one pixel wide.
    private Tensor Layer(Module<Tensor, Tensor> layer, Tensor x) =>
        _convolutions ? layer.forward(x.transpose(1, 2).unsqueeze(-1)).squeeze(-1).transpose(1, 2) : layer.forward(x);
}

/// <summary>What is added to the score of each pair of pixels. Keys: relative_position_bias_table, or mlp (fc1, fc2).</summary>
internal sealed class PixelPositions : Module
{
    private const double DropoutRate = 0.125;

    private readonly Parameter? relative_position_bias_table;
    private readonly Network? mlp;
    private readonly Tensor _index;
    private readonly Tensor? _places;
    private readonly long _area;
    private readonly int _heads;
    private readonly bool _headFirst;

    public PixelPositions(AttentionDesign design, Frame window, int heads) : base(nameof(PixelPositions))
    {
        (_area, _heads, _headFirst) = (window.Height * window.Width, heads, design.Positions == Positions.TensorFlowTable);
        var ways = RelativePositions.Count(window);
        var index = RelativePositions.Index(window);
        if (design.Positions == Positions.TensorFlowTable)
        {
            // There a key that lies below its query is counted from the other end.
            index = [.. index.Select(way => ways - 1 - way)];
            relative_position_bias_table = new Parameter(init.normal_(empty(heads, (2 * window.Height) - 1, (2 * window.Width) - 1), std: Initialization.TransformerDeviation));
        }
        else if (design.Positions == Positions.Table)
        {
            relative_position_bias_table = new Parameter(init.trunc_normal_(empty(ways, heads), std: Initialization.TransformerDeviation));
        }
        else
        {
            mlp = new Network(design.Hidden, heads);
            _places = tensor(RelativePositions.Logarithms(window), [ways, 2]);
            register_buffer(nameof(_places), _places, persistent: false);
        }

        _index = tensor(index, [_area * _area]);
        register_buffer(nameof(_index), _index, persistent: false);
        RegisterComponents();
    }

    /// <returns>(heads, pixels, pixels).</returns>
    public Tensor Scores()
    {
        using var scope = NewDisposeScope();
        var ways = mlp?.forward(_places!) ?? (_headFirst ? relative_position_bias_table!.flatten(1).t() : relative_position_bias_table!);      // (ways, heads)
        return ways.index_select(0, _index).reshape(_area, _area, _heads).permute(2, 0, 1).MoveToOuterDisposeScope();
    }

    private sealed class Network : Module<Tensor, Tensor>
    {
        private readonly Linear fc1;
        private readonly Dropout drop1;
        private readonly Linear fc2;

        public Network(int hidden, int heads) : base(nameof(Network))
        {
            fc1 = Linear(2, hidden);
            drop1 = Dropout(DropoutRate);
            fc2 = Linear(hidden, heads);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return fc2.forward(drop1.forward(functional.relu(fc1.forward(input)))).MoveToOuterDisposeScope();
        }
    }
}
