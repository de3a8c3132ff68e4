using Osteon.Abstractions;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>
/// The exponential moving average of a network's weights, kept in a network of its own, so that validating and saving it moves nothing; an
/// update is one pass over the weights, in place.
/// </summary>
/// <remarks>timm's ModelEmaV3 and its order of updates: the first one, and those up to update_after_step, copy.</remarks>
public sealed class WeightAverage : IDisposable
{
    private readonly EmaPlan _plan;
    private readonly (Tensor Average, Tensor Now, bool IsAveraged)[] _pairs;

    /// <summary>An average that begins at a network's weights.</summary>
    /// <param name="plan">How.</param>
    /// <param name="twin">Another network of the same kind; belongs to the average from now on, and is left in evaluation mode.</param>
    /// <param name="network">Whose weights are averaged, where it will stay.</param>
    public WeightAverage(EmaPlan plan, Network twin, Network network)
    {
        (_plan, Network) = (plan, twin);
        twin.eval();
        foreach (var parameter in twin.parameters())
        {
            parameter.requires_grad = false;
        }

        var averaged = plan.ExcludeBuffers ? network.named_parameters().Select(p => p.name).ToHashSet(StringComparer.Ordinal) : null;
        var mine = twin.state_dict();
        _pairs = [.. network.state_dict().Select(e => (mine[e.Key], e.Value, e.Value.is_floating_point() && averaged?.Contains(e.Key) != false))];
        using var noGrad = no_grad();
        foreach (var (average, now, _) in _pairs)
        {
            average.copy_(now);
        }
    }

    /// <summary>A network with the averaged weights.</summary>
    public Network Network { get; }

    /// <summary>Updates so far.</summary>
    public long Updates { get; set; }

    /// <summary>Takes in the weights as they are after a step.</summary>
    public void Update()
    {
        using var noGrad = no_grad();
        var decay = _plan.DecayAt(++Updates);
        foreach (var (average, now, isAveraged) in _pairs)
        {
            if (isAveraged && decay > 0)
            {
                average.lerp_(now, 1 - decay);
            }
            else
            {
                average.copy_(now);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();
}
