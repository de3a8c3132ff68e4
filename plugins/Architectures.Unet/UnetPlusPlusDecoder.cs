using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Unet;

/// <summary>
/// A triangle of blocks. Block (row, level) works at the size of level, 0 being one above the deepest map; it enlarges what (row, level − 1)
/// gave and joins everything of its level that rows further down gave, and the encoder's map. Row 0 is the U-Net's own way up.
/// </summary>
internal sealed class UnetPlusPlusDecoder : Module<IReadOnlyList<Tensor>, Tensor>
{
    private readonly Triangle blocks;
    private readonly int _top;

    public UnetPlusPlusDecoder(IReadOnlyList<int> encoderChannels, UnetDecoderOptions options) : base(nameof(UnetPlusPlusDecoder))
    {
        _top = options.Channels.Count - 1;
        int[] skips = [.. encoderChannels.Skip(1).Reverse().Skip(1)];           // of each level, deepest first
        var deepest = encoderChannels[^1];
        if (options.Center)
        {
            // SMP builds it and never calls it; its weight files hold it.
            register_module("center", Sequential(Blocks.Conv2dReLU(deepest, deepest, norm: options.Norm), Blocks.Conv2dReLU(deepest, deepest, norm: options.Norm)));
        }

        blocks = new Triangle();
        for (var level = 0; level < _top; level++)
        {
            blocks.Add(0, level, new UnetDecoderBlock(level == 0 ? deepest : options.Channels[level - 1], skips[level] * (level + 1), options.Channels[level], options));
            for (var row = 1; row <= level; row++)
            {
                blocks.Add(row, level, new UnetDecoderBlock(skips[level - 1], skips[level] * (level + 1 - row), skips[level], options));
            }
        }

        blocks.Add(0, _top, new UnetDecoderBlock(options.Channels[_top - 1], 0, options.Channels[_top], options));
        RegisterComponents();
    }

    public override Tensor forward(IReadOnlyList<Tensor> input)
    {
        using var scope = NewDisposeScope();
        var given = new Dictionary<(int Row, int Level), Tensor>();
        for (var level = 0; level < _top; level++)
        {
            var beside = input[_top - level];
            for (var row = level; row >= 0; row--)
            {
                var below = row == level ? input[_top + 1 - level] : given[(row, level - 1)];
                var joined = row == level ? beside : cat([.. Enumerable.Range(row + 1, level - row).Select(r => given[(r, level)]), beside], 1);
                given[(row, level)] = blocks[row, level].forward(below, joined, join: true);
            }
        }

        return blocks[0, _top].forward(given[(0, _top - 1)], input[0], join: false).MoveToOuterDisposeScope();
    }

    /// <summary>Blocks under the reference's keys, x_ROW_LEVEL.</summary>
    private sealed class Triangle() : Module(nameof(Triangle))
    {
        private readonly Dictionary<(int, int), UnetDecoderBlock> _blocks = [];

        public UnetDecoderBlock this[int row, int level] => _blocks[(row, level)];

        public void Add(int row, int level, UnetDecoderBlock block)
        {
            _blocks.Add((row, level), block);
            register_module($"x_{row}_{level}", block);
        }
    }
}
