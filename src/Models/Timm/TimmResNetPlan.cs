using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>A residual network of timm's making: a stem, and four stages of one kind of block.</summary>
/// <param name="Blocks">Blocks in each of the four stages.</param>
/// <param name="Expansion">Channels out of a block for each channel of its stage's base width.</param>
/// <param name="Block">Makes a block.</param>
public sealed record TimmResNetPlan(IReadOnlyList<int> Blocks, int Expansion, Func<ResidualPlace, Module<Tensor, Tensor>> Block)
{
    /// <summary>Channels of three 3×3 convolutions (timm's variants c, d, e, s and t); null is one of 7×7 with 64 channels.</summary>
    public IReadOnlyList<int>? DeepStem { get; init; }

    /// <summary>Shortcuts average where a stage halves, rather than drop three pixels of four (variants d, e and t).</summary>
    /// <remarks>He et al. 2019, arXiv:1812.01187, figure 2c.</remarks>
    public bool AverageDown { get; init; }

    /// <summary>Side of the kernel of a shortcut that halves; senet154's is 3.</summary>
    public int ShortcutKernel { get; init; } = 1;

    /// <summary>What halves the stem's map again, for that many channels. Key: maxpool.</summary>
    public Func<int, Module<Tensor, Tensor>> StemPool { get; init; } = _ => MaxPool2d(3, 2, 1);

    /// <summary>Normalisation of that many channels, outside the blocks.</summary>
    public Func<int, Module<Tensor, Tensor>> Norm { get; init; } = channels => BatchNorm2d(channels);

    /// <summary>Channels of the first map.</summary>
    public int StemChannels => DeepStem?[^1] ?? 64;

    /// <summary>All maps.</summary>
    public TimmFeatures Features => new(2, [StemChannels, .. Enumerable.Range(0, Blocks.Count).Select(Channels)]);

    /// <summary>Channels out of a stage, 0 to 3.</summary>
    public int Channels(int stage) => (64 << stage) * Expansion;

    /// <summary>The convolutions before the first normalisation, of stride 2 together. A deep stem's keys: 0, 1, 3, 4, 6.</summary>
    public Module<Tensor, Tensor> Stem(int inChannels) => DeepStem is [var first, var second, var third]
        ? Sequential(
            Conv2d(inChannels, first, 3, stride: 2, padding: 1, bias: false), Norm(first), ReLU(inplace: true),
            Conv2d(first, second, 3, padding: 1, bias: false), Norm(second), ReLU(inplace: true),
            Conv2d(second, third, 3, padding: 1, bias: false))
        : Conv2d(inChannels, StemChannels, 7, stride: 2, padding: 3, bias: false);

    /// <summary>A stage, 0 to 3. Keys: the number of a block, then the block's.</summary>
    public Sequential Stage(int index, StagePlace place)
    {
        var (channels, width) = (index == 0 ? StemChannels : Channels(index - 1), 64 << index);
        var shortcut = AverageDown
            ? Shortcut.Averaged(channels, Channels(index), place.Stride, place.Dilation)
            : Shortcut.For(channels, Channels(index), place.Stride, ShortcutKernel, place, Norm);
        var blocks = new Module<Tensor, Tensor>[Blocks[index]];
        blocks[0] = Block(new ResidualPlace(channels, width, place.Stride, place.FirstDilation, place.Dilation, shortcut));
        for (var i = 1; i < blocks.Length; i++)
        {
            blocks[i] = Block(new ResidualPlace(Channels(index), width, 1, place.Dilation, place.Dilation, null));
        }

        return Sequential(blocks);
    }
}
