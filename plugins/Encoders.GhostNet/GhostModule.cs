using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.GhostNet;

/// <summary>
/// Half of the channels by a pointwise convolution, and the other half out of these by a depthwise one; in the second version a gate looks along
/// rows and columns of a map of half the size. Keys: primary_conv, cheap_operation, short_conv.
/// </summary>
internal sealed class GhostModule : Module<Tensor, Tensor>
{
    private readonly Sequential primary_conv;
    private readonly Sequential cheap_operation;
    private readonly Sequential? short_conv;
    private readonly int _channels;
    private readonly bool _active;

    /// <param name="inChannels">Channels in.</param>
    /// <param name="outChannels">Channels out.</param>
    /// <param name="active">Whether ReLU follows.</param>
    /// <param name="attends">Whether there is the second version's gate.</param>
    public GhostModule(int inChannels, int outChannels, bool active, bool attends) : base(nameof(GhostModule))
    {
        (_channels, _active) = (outChannels, active);
        var half = (outChannels + 1) / 2;
        primary_conv = Sequential(Conv2d(inChannels, half, 1, bias: false), BatchNorm2d(half));
        cheap_operation = Sequential(Conv2d(half, half, 3, padding: 1, groups: half, bias: false), BatchNorm2d(half));
        short_conv = attends
            ? Sequential(
                Conv2d(inChannels, outChannels, 1, bias: false), BatchNorm2d(outChannels),
                Conv2d(outChannels, outChannels, (1, 5), padding: (0, 2), groups: outChannels, bias: false), BatchNorm2d(outChannels),
                Conv2d(outChannels, outChannels, (5, 1), padding: (2, 0), groups: outChannels, bias: false), BatchNorm2d(outChannels))
            : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var first = Active(primary_conv.forward(input));
        var x = cat([first, Active(cheap_operation.forward(first))], 1).narrow(1, 0, _channels);
        if (short_conv is not null)
        {
            var gate = short_conv.forward(functional.avg_pool2d(input, 2, 2)).sigmoid();
            x *= functional.interpolate(gate, size: x.shape[2..], mode: InterpolationMode.Nearest);
        }

        return x.contiguous().MoveToOuterDisposeScope();
    }

    private Tensor Active(Tensor x) => _active ? functional.relu(x, inplace: true) : x;
}
