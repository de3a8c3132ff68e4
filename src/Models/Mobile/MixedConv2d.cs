using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>Convolutions side by side, each over its share of the channels; what remains goes to the first. Keys: 0, 1, ….</summary>
/// <remarks>Tan, Le 2019, arXiv:1907.09595.</remarks>
internal sealed class MixedConv2d : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor>[] _convolutions;
    private readonly long[] _shares;

    /// <param name="inChannels">Of all of them.</param>
    /// <param name="outChannels">Of all of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="create">Makes the one of a number, for channels in and out.</param>
    public MixedConv2d(int inChannels, int outChannels, int count, Func<int, int, int, Module<Tensor, Tensor>> create) : base(nameof(MixedConv2d))
    {
        _shares = [.. Enumerable.Range(0, count).Select(i => (long)Share(inChannels, count, i))];
        _convolutions = [.. Enumerable.Range(0, count).Select(i => create(i, Share(inChannels, count, i), Share(outChannels, count, i)))];
        foreach (var (i, convolution) in _convolutions.Index())
        {
            register_module($"{i}", convolution);
        }
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return cat([.. input.split(_shares, 1).Select((share, i) => _convolutions[i].forward(share))], 1).MoveToOuterDisposeScope();
    }

    private static int Share(int channels, int count, int i) => (channels / count) + (i == 0 ? channels % count : 0);
}
