using Osteon.Abstractions;
using Osteon.Torch;
using static TorchSharp.torch;

namespace Osteon.Models;

/// <summary>Goes on from an optimiser that PyTorch has saved.</summary>
public static class OptimizerStates
{
    /// <summary>Fills an optimiser from <c>torch.save(optimizer.state_dict(), path)</c>. Learning rates and other options stay those it was made with.</summary>
    /// <param name="optimizer">The same method over the same parameters, in the same groups and order; untouched when the file does not fit.</param>
    /// <param name="path">A PyTorch checkpoint.</param>
    /// <exception cref="DataException">The file cannot be read, holds no optimiser's state, or another's.</exception>
    public static void Load(optim.Optimizer optimizer, string path)
    {
        using var scope = NewDisposeScope();
        var contents = PthFile.Read(path);
        if (contents.Root is not PickleDictionary root || !root.TryGet("state", out var found) || found is not PickleDictionary state || !root.TryGet("param_groups", out _))
        {
            throw new DataException(path, "is no optimizer's state: it has no 'state' beside 'param_groups'. Save it with torch.save(optimizer.state_dict(), path).");
        }

        var entries = state.Items
            .SelectMany(parameter => (parameter.Value as PickleDictionary)?.Items.Select(quantity => (Key: $"{parameter.Key}.{quantity.Key}", quantity.Value)) ?? [])
            .Where(entry => entry.Value is not null)                // SGD's velocity before its first step
            .ToList();
        var tensors = contents.Read(entries.Where(e => e.Value is PthTensor).Select(e => KeyValuePair.Create(e.Key, (PthTensor)e.Value!)));
        foreach (var (key, value) in entries.Where(e => e.Value is long or double))
        {
            tensors[key] = tensor(System.Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture));
        }

        try
        {
            optimizer.load_state_dict(tensors);
        }
        catch (InvalidOperationException e)
        {
            throw new DataException(path, e.Message, e);
        }
    }
}
