using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>Fills an encoder from a classifier's weights, such as torchvision's, timm's and SMP's ImageNet files.</summary>
public static class PretrainedWeights
{
    private const int Colours = 3;
    private const int Places = 16;
    private static readonly string[] s_heads = ["fc.", "_fc.", "classifier.", "last_linear.", "head.", "linear."];
    private static readonly string[] s_ownHeads = ["model.head.", "model.head_dist."];

    /// <summary>
    /// Fills an encoder. The classifier's head is dropped, and for timm's encoders, as timm does, whatever the depth leaves out; a head that
    /// the encoder has itself, as vision transformers do, stays as it is where the file's is of other classes. Where the encoder takes
    /// other than three channels, the convolutions of the image's three are adapted: see <see cref="Adapted"/>.
    /// </summary>
    /// <param name="encoder">An encoder, or an architecture's own backbone, on any device; untouched when the file does not fit.</param>
    /// <param name="path">A safetensors file or PyTorch checkpoint, of any ending.</param>
    /// <exception cref="DataException">The file cannot be read or does not fit; the message lists what is missing, left over or of another shape.</exception>
    public static void Load(Module encoder, string path)
    {
        using var scope = NewDisposeScope();
        var state = encoder.state_dict();
        var names = state.Keys.ToHashSet();
        var ofTimm = names.All(name => name.StartsWith("model.", StringComparison.Ordinal));
        var (file, _) = Weights.Read(path, names);
        var fitting = KeyRenames.Fit(file, names)
            .Where(entry => state.ContainsKey(entry.Key) || !(ofTimm || Begins(entry.Key, s_heads)))
            .ToDictionary();
        foreach (var (key, own) in state.Where(entry => Begins(entry.Key, s_ownHeads)))
        {
            fitting[key] = fitting.TryGetValue(key, out var given) && given.shape.SequenceEqual(own.shape) ? given : own;
        }

        foreach (var (key, counter) in state.Where(entry => entry.Key.EndsWith(".num_batches_tracked", StringComparison.Ordinal)))
        {
            fitting.TryAdd(key, zeros_like(counter));               // files of before PyTorch 0.4.1 do not count
        }

        foreach (var (key, own) in state.Where(entry => entry.Value.ndim == 4))
        {
            // One convolution takes the image; where there are branches, as in MobileOne, one in each.
            if (fitting.TryGetValue(key, out var weight) && weight.ndim == 4 && weight.shape[1] == Colours && own.shape[1] != Colours)
            {
                fitting[key] = Adapted(weight, (int)own.shape[1]);
            }
            // TResNet's takes squares of four pixels as channels, each place with its colours.
            else if (weight is { ndim: 4 } && weight.shape[1] == Places * Colours && own.shape[1] != weight.shape[1] && own.shape[1] % Places == 0)
            {
                fitting[key] = Adapted(weight.reshape(-1, Colours, weight.shape[2], weight.shape[3]), (int)own.shape[1] / Places).reshape(weight.shape[0], own.shape[1], weight.shape[2], weight.shape[3]);
            }
        }

        Weights.Fill(encoder, fitting, path);
    }

    /// <summary>What an architecture that builds its encoder itself calls backbone, as torchvision and mmsegmentation do; null where there is none.</summary>
    /// <param name="network">Any.</param>
    public static Module? BackboneOf(Network network) => network.named_children().FirstOrDefault(child => child.name == "backbone").module;

    /// <summary>
    /// A convolution of three channels for another number of them: for one, the sum over the three, which gives a grey image what it got
    /// as colour; for n, channel i mod 3 at place i, times 3/n, which keeps the size of what it gives. SMP's and timm's rule.
    /// </summary>
    /// <param name="weight">(K, 3, h, w); not disposed.</param>
    /// <param name="channels">At least 1.</param>
    /// <returns>(K, <paramref name="channels"/>, h, w); the caller's scope owns it.</returns>
    public static Tensor Adapted(Tensor weight, int channels)
    {
        using var scope = NewDisposeScope();
        var adapted = channels == 1
            ? weight.sum([1], keepdim: true)
            : cat([.. Enumerable.Range(0, channels).Select(i => weight.narrow(1, i % Colours, 1))], 1) * ((float)Colours / channels);
        return adapted.MoveToOuterDisposeScope();
    }

    private static bool Begins(string key, string[] heads) => heads.Any(head => key.StartsWith(head, StringComparison.Ordinal));
}
