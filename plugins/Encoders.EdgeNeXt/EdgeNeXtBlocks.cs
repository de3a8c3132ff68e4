using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.EdgeNeXt;

/// <summary>A depthwise convolution, then two layers over each pixel's channels. Keys: gamma, conv_dw, norm, mlp.</summary>
internal sealed class ConvBlock : Module<Tensor, Tensor>
{
    private readonly Parameter gamma;
    private readonly Conv2d conv_dw;
    private readonly LayerNorm norm;
    private readonly Mlp mlp;
    private readonly bool _changes;

    public ConvBlock(int inChannels, int channels, int kernel, int stride, bool hasBias) : base(nameof(ConvBlock))
    {
        gamma = new Parameter(full(channels, SplitBlock.FirstScale));
        // With more channels out than in, each kernel still sees one channel.
        conv_dw = Conv2d(inChannels, channels, kernel, stride: stride, padding: kernel / 2, groups: inChannels, bias: hasBias);
        norm = LayerNorm(channels, eps: 1e-6);
        mlp = new Mlp(channels, 4 * channels);
        _changes = stride > 1 || inChannels != channels;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var map = conv_dw.forward(input);
        var x = (mlp.forward(norm.forward(map.permute(0, 2, 3, 1))) * gamma).permute(0, 3, 1, 2);
        return (x + (_changes ? map : input)).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Parts of the channels are convolved one after the other, each with what came before, then channels attend to channels, and two layers go
/// over each pixel. Keys: gamma_xca, gamma, convs, pos_embd, norm_xca, xca, norm, mlp.
/// </summary>
internal sealed class SplitBlock : Module<Tensor, Tensor>
{
    /// <summary>Where learnt factors of branches start.</summary>
    public const double FirstScale = 1e-6;

    private readonly Parameter gamma_xca, gamma;
    private readonly ModuleList<Conv2d> convs;
    private readonly FourierPositions? pos_embd;
    private readonly LayerNorm norm_xca;
    private readonly ChannelAttention xca;
    private readonly LayerNorm norm;
    private readonly Mlp mlp;

    public SplitBlock(int channels, int scales, int heads, bool hasPositions, bool hasBias) : base(nameof(SplitBlock))
    {
        var width = (channels + scales - 1) / scales;
        (gamma_xca, gamma) = (new Parameter(full(channels, FirstScale)), new Parameter(full(channels, FirstScale)));
        convs = ModuleList([.. Enumerable.Range(0, Math.Max(1, scales - 1)).Select(_ => Conv2d(width, width, 3, padding: 1, groups: width, bias: hasBias))]);
        pos_embd = hasPositions ? new FourierPositions(channels) : null;
        norm_xca = LayerNorm(channels, eps: 1e-6);
        xca = new ChannelAttention(channels, heads);
        norm = LayerNorm(channels, eps: 1e-6);
        mlp = new Mlp(channels, 4 * channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (images, channels, height, width) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3]);
        var parts = input.chunk(convs.Count + 1, 1);
        var given = new List<Tensor>();
        for (var i = 0; i < convs.Count; i++)
        {
            given.Add(convs[i].forward(i == 0 ? parts[0] : given[^1] + parts[i]));
        }

        var x = cat([.. given, parts[^1]], 1).reshape(images, channels, height * width).transpose(1, 2);
        x = pos_embd is null ? x : x + pos_embd.Of(height, width).flatten(2).transpose(1, 2);
        x += xca.forward(norm_xca.forward(x)) * gamma_xca;
        x = mlp.forward(norm.forward(x.reshape(images, height, width, channels))) * gamma;
        return (x.permute(0, 3, 1, 2) + input).MoveToOuterDisposeScope();
    }
}

/// <summary>Each channel attends to the others of its head, over all pixels. Keys: temperature, qkv, proj.</summary>
/// <remarks>El-Nouby et al. 2021, arXiv:2106.09681.</remarks>
internal sealed class ChannelAttention : Module<Tensor, Tensor>
{
    private readonly Parameter temperature;
    private readonly Linear qkv, proj;
    private readonly int _heads;

    public ChannelAttention(int channels, int heads) : base(nameof(ChannelAttention))
    {
        _heads = heads;
        temperature = new Parameter(ones(heads, 1, 1));
        qkv = Linear(channels, 3 * channels);
        proj = Linear(channels, channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (images, length, channels) = (input.shape[0], input.shape[1], input.shape[2]);
        var parts = qkv.forward(input).reshape(images, length, 3, _heads, channels / _heads).permute(2, 0, 3, 4, 1).unbind();       // (N, heads, C/heads, L)
        var shares = (functional.normalize(parts[0], dim: -1).matmul(functional.normalize(parts[1], dim: -1).transpose(-2, -1)) * temperature).softmax(-1);
        return proj.forward(shares.matmul(parts[2]).permute(0, 3, 1, 2).reshape(images, length, channels)).MoveToOuterDisposeScope();
    }
}

/// <summary>Sines and cosines of rows and columns, which a convolution turns into channels. Key: token_projection.</summary>
internal sealed class FourierPositions : Module
{
    private const int Frequencies = 32;
    private const double Temperature = 10000;
    private readonly Conv2d token_projection;

    public FourierPositions(int channels) : base(nameof(FourierPositions))
    {
        token_projection = Conv2d(2 * Frequencies, channels, 1);
        RegisterComponents();
    }

    /// <returns>(1, C, H, W).</returns>
    public Tensor Of(long height, long width)
    {
        using var scope = NewDisposeScope();
        var values = new float[2 * Frequencies * height * width];
        var (rows, columns) = (Waves(height), Waves(width));
        for (var i = 0L; i < values.Length; i++)
        {
            var (frequency, y, x) = (i / (height * width), i / width % height, i % width);
            values[i] = frequency < Frequencies ? rows[y, frequency] : columns[x, frequency - Frequencies];
        }

        return token_projection.forward(tensor(values, [1, 2 * Frequencies, height, width], dtype: token_projection.weight.dtype, device: token_projection.weight.device)).MoveToOuterDisposeScope();
    }

    // The last place is a whole turn.
    private static float[,] Waves(long length)
    {
        var waves = new float[length, Frequencies];
        for (var place = 0; place < length; place++)
        {
            var turn = (place + 1) / (length + 1e-6) * 2 * Math.PI;
            for (var frequency = 0; frequency < Frequencies; frequency++)
            {
                var angle = turn / Math.Pow(Temperature, frequency / 2 * 2.0 / Frequencies);
                waves[place, frequency] = (float)(frequency % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
            }
        }

        return waves;
    }
}
