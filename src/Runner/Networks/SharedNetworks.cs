using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>
/// Networks to predict with, each in memory once: whoever infers with the same weights in the same way is lent the one that is there. In
/// evaluation a network is a function that changes nothing of its own, so that any number of units, passes and threads may call it.
/// </summary>
public sealed class SharedNetworks
{
    private readonly Dictionary<string, (Lazy<Network> Network, int Users)> _lent = new(StringComparer.Ordinal);

    /// <summary>Networks in memory.</summary>
    public int Count
    {
        get
        {
            lock (_lent)
            {
                return _lent.Count;
            }
        }
    }

    /// <summary>Lends a network, made now where nobody has it. Who asks while another makes it waits.</summary>
    /// <param name="key">All that a network's logits follow from: what it is built of, its weights, where it computes, how it is folded.</param>
    /// <param name="make">Makes it, ready to predict. What it throws reaches everyone who waits for this network; the next who asks makes it anew.</param>
    /// <returns>To be disposed when done; the last to do so frees the network.</returns>
    public SharedNetwork Take(string key, Func<Network> make)
    {
        Lazy<Network> network;
        lock (_lent)
        {
            (network, var users) = _lent.TryGetValue(key, out var there) ? there : (new Lazy<Network>(make), 0);
            _lent[key] = (network, users + 1);
        }

        try
        {
            return new SharedNetwork(network.Value, () => Return(key));
        }
        catch
        {
            Return(key);
            throw;
        }
    }

    private void Return(string key)
    {
        lock (_lent)
        {
            var (network, users) = _lent[key];
            if (users > 1)
            {
                _lent[key] = (network, users - 1);
                return;
            }

            _lent.Remove(key);
            if (network.IsValueCreated)
            {
                network.Value.Dispose();
            }
        }
    }
}

/// <summary>A network on loan.</summary>
/// <param name="network">In evaluation; not to be changed, and not disposed by who borrows it.</param>
/// <param name="giveBack">Called once.</param>
public sealed class SharedNetwork(Network network, Action giveBack) : IDisposable
{
    private Action? _giveBack = giveBack;

    /// <summary>The network.</summary>
    /// <exception cref="ObjectDisposedException">It has been given back.</exception>
    public Network Network
    {
        get
        {
            ObjectDisposedException.ThrowIf(_giveBack is null, this);
            return network;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _giveBack, null)?.Invoke();
}
