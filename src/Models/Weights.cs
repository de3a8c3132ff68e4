using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>Moves a network's parameters and buffers to and from files, under the reference's key names.</summary>
public static class Weights
{
    private const int Shown = 8;
    private const int Nesting = 3;
    private const int MostPrefixes = 4;
    private static readonly string[] s_wrappers = ["state_dict", "model_state_dict", "model", "network_weights"];
    private static readonly string[] s_prefixes = ["module.", "model.", "_orig_mod."];

    /// <summary>Writes all parameters and buffers, in state_dict order; the file is whole or absent.</summary>
    /// <param name="module">Any device; left as it is.</param>
    /// <param name="path">A safetensors file; its folder is made.</param>
    /// <param name="metadata">Free text.</param>
    public static void Save(Module module, string path, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafeTensors.Write(path, module.state_dict(), metadata);

    /// <summary>
    /// Fills a network from a safetensors file or a PyTorch checkpoint, told apart by their content: every key of the one must
    /// be in the other, with the same shape, once a prefix that all keys of the file share is dropped, and names of older versions of
    /// the reference are brought up to date.
    /// </summary>
    /// <param name="module">Any device; untouched when the file does not fit.</param>
    /// <param name="path">The file, of any ending.</param>
    /// <returns>The file's free text; a checkpoint has none.</returns>
    /// <exception cref="DataException">The file cannot be read or does not fit; the message lists what is missing, left over or of another shape.</exception>
    public static IReadOnlyDictionary<string, string> Load(Module module, string path) => Take(module, path, static (own, given) => own.copy_(given));

    /// <summary>
    /// Loads as <see cref="Load"/> does, without a copy: what the network keeps is the file's own memory. A large file on a disk of this
    /// machine is mapped, so that all networks and processes that predict with it hold its numbers once, between them. The network may be
    /// changed: pages that are written to become its own, and neither the file nor another network sees that.
    /// </summary>
    /// <param name="module">On the CPU; untouched when the file does not fit.</param>
    /// <param name="path">The file, of any ending; it is replaced by renaming, and never shortened, while the network lives.</param>
    /// <returns>The file's free text; a checkpoint has none.</returns>
    /// <exception cref="DataException">As <see cref="Load"/>.</exception>
    public static IReadOnlyDictionary<string, string> Adopt(Module module, string path) =>
        Take(module, path, static (own, given) => _ = own.dtype == given.dtype && own.is_cpu ? own.set_(given) : own.copy_(given));

    /// <summary>A file's tensors, once a prefix that all its keys share is dropped; the caller's scope owns them.</summary>
    internal static (IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(string path, IReadOnlyCollection<string> names)
    {
        if (PthFile.Claims(path))
        {
            var contents = PthFile.Read(path);
            return (contents.Read(FindStateDict(contents, names)), new Dictionary<string, string>());
        }

        return (WithoutPrefix(SafeTensors.Read(path, out var metadata), names), metadata);
    }

    /// <summary>
    /// Finds a checkpoint's state dictionary: a dictionary, not empty, of tensors by name. It is the whole object, or stands
    /// under "state_dict", "model_state_dict", "model" or "network_weights", or in a list or tuple, up to three levels deep; where
    /// two of these hold one at the same level, none is guessed.
    /// </summary>
    /// <param name="contents">A checkpoint.</param>
    /// <param name="names">The network's names: a prefix is kept once a name with it is among them. Null: prefixes are dropped.</param>
    /// <returns>In the file's order; "module.", "model." and "_orig_mod." (of data parallel, Lightning and compiled wrappers) are dropped, up to four of them, where all names share them.</returns>
    /// <exception cref="DataException">There is none, or more than one; the message lists what the file holds.</exception>
    public static IReadOnlyDictionary<string, PthTensor> FindStateDict(PthContents contents, IReadOnlyCollection<string>? names = null)
    {
        var level = contents.Root;
        for (var depth = 0; depth <= Nesting; depth++)
        {
            if (StateDict(level) is { } state)
            {
                return WithoutPrefix(state, names);
            }

            var inner = Inner(level).ToList();
            var states = inner.Where(entry => StateDict(entry.Value) is not null).ToList();
            if (states.Count > 1)
            {
                throw new DataException(contents.Path, $"holds several state dictionaries: {string.Join(", ", states.Take(Shown).Select(s => s.Key))}; save the one that is meant alone.");
            }

            if (inner.Count == 0)
            {
                break;
            }

            level = (states.Count == 1 ? states[0] : inner[0]).Value;
        }

        var found = contents.Root is PickleDictionary root ? $"a dictionary with the keys {string.Join(", ", root.Items.Take(Shown).Select(item => PickleGlobals.Kind(item.Key)))}{(root.Items.Count > Shown ? ", …" : "")}" : PickleGlobals.Kind(contents.Root);
        throw new DataException(contents.Path, $"has no state dictionary: it holds {found}; expected tensors by name, alone or under {string.Join(", ", s_wrappers)}. Save it with torch.save(model.state_dict(), path).");
    }

    /// <summary>Fills a network from tensors: every key of the one must be in the other, with the same shape.</summary>
    /// <param name="module">Any device; untouched when the tensors do not fit.</param>
    /// <param name="tensors">By key; converted to the network's types. Not disposed.</param>
    /// <param name="source">Where they come from, for messages.</param>
    /// <exception cref="DataException">They do not fit; the message lists what is missing, left over or of another shape.</exception>
    public static void Fill(Module module, IReadOnlyDictionary<string, Tensor> tensors, string source) => Fill(module, tensors, source, static (own, given) => own.copy_(given));

    private static IReadOnlyDictionary<string, string> Take(Module module, string path, Action<Tensor, Tensor> take)
    {
        using var scope = NewDisposeScope();
        var names = module.state_dict().Keys.ToHashSet();
        var (tensors, metadata) = Read(path, names);
        Fill(module, KeyRenames.Fit(tensors, names), path, take);
        return metadata;
    }

    private static void Fill(Module module, IReadOnlyDictionary<string, Tensor> tensors, string source, Action<Tensor, Tensor> take)
    {
        var state = module.state_dict();
        var missing = state.Keys.Where(key => !tensors.ContainsKey(key)).ToList();
        var unexpected = tensors.Keys.Where(key => !state.ContainsKey(key)).ToList();
        var misshapen = state.Where(s => tensors.TryGetValue(s.Key, out var t) && !t.shape.SequenceEqual(s.Value.shape))
            .Select(s => $"{s.Key} ({Sizes(tensors[s.Key])} in the file, {Sizes(s.Value)} in the network)").ToList();
        if (missing.Count + unexpected.Count + misshapen.Count > 0)
        {
            throw new DataException(source, $"these weights do not fit the network.{Listed("Missing", missing)}{Listed("Unexpected", unexpected)}{Listed("Of another shape", misshapen)}");
        }

        using var untracked = no_grad();
        foreach (var (key, target) in state)
        {
            take(target, tensors[key]);
        }
    }

    private static IEnumerable<(string Key, object? Value)> Inner(object? level) => level switch
    {
        PickleDictionary dictionary => s_wrappers.Select(key => (key, dictionary.TryGet(key, out var value) ? value : null))
            .Where(entry => entry.Item2 is PickleDictionary or PickleList or PickleTuple),
        PickleList { Items: var items } => items.Select((item, i) => ($"item {i}", item)).Where(entry => entry.item is PickleDictionary),
        PickleTuple { Items: var items } => items.Select((item, i) => ($"item {i}", item)).Where(entry => entry.item is PickleDictionary),
        _ => [],
    };

    private static Dictionary<string, PthTensor>? StateDict(object? value) =>
        value is PickleDictionary { Items.Count: > 0 } dictionary && dictionary.Items.All(item => item is { Key: string, Value: PthTensor })
            ? dictionary.Items.ToDictionary(item => (string)item.Key, item => (PthTensor)item.Value!)
            : null;

    private static Dictionary<string, T> WithoutPrefix<T>(Dictionary<string, T> state, IReadOnlyCollection<string>? names)
    {
        var drop = 0;
        var first = state.Keys.FirstOrDefault(string.Empty);
        for (var dropped = 0; dropped < MostPrefixes && names?.Contains(first[drop..]) != true; dropped++)
        {
            var shared = s_prefixes.FirstOrDefault(prefix => state.Keys.All(key => key.AsSpan(drop).StartsWith(prefix, StringComparison.Ordinal)), string.Empty);
            drop += shared.Length;
        }

        return drop == 0 ? state : state.ToDictionary(entry => entry.Key[drop..], entry => entry.Value);
    }

    private static string Sizes(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    private static string Listed(string what, List<string> keys)
    {
        var more = keys.Count > Shown ? $", and {keys.Count - Shown} more" : string.Empty;
        return keys.Count == 0 ? string.Empty : $" {what} ({keys.Count}): {string.Join(", ", keys.Take(Shown))}{more}.";
    }
}
