using Osteon.Abstractions;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Models;

/// <summary>An encoder of SMP's own that is no more than stages in a row.</summary>
public abstract class StagedEncoder : SmpEncoder
{
    private readonly bool _ownFirst;

    /// <summary>Declares the maps that a depth leaves: see <see cref="SmpEncoder"/>.</summary>
    /// <param name="options">What the architecture asks for.</param>
    /// <param name="channels">Channels of all the maps after the input, or with the one in its place.</param>
    /// <param name="dilates">False where the output stride is always 32.</param>
    /// <exception cref="ConfigurationException">An option is outside what SMP allows.</exception>
    protected StagedEncoder(EncoderOptions options, IReadOnlyList<int> channels, bool dilates = true)
        : base(options, channels, dilates: dilates) => _ownFirst = channels.Count > 5;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var maps = Maps(input).Take(_ownFirst ? Depth + 1 : Depth).ToArray().MoveToOuterDisposeScope();
        return _ownFirst ? maps : [input, .. maps];
    }

    /// <summary>The maps, the shallowest first, each computed when it is asked for: nothing is spent on stages beyond the depth.</summary>
    protected abstract IEnumerable<Tensor> Maps(Tensor input);
}
