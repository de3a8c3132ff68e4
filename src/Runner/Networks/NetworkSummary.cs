using System.Globalization;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Runner;

/// <summary>A part of a network.</summary>
/// <param name="Path">Its name in the state dictionary; empty for the network itself.</param>
/// <param name="Kind">Its class.</param>
/// <param name="Output">The shape its last layer gave; null where none of its parameters was used.</param>
/// <param name="Parameters">With those of its parts; what several parts share counts once.</param>
/// <param name="Macs">Multiply-accumulates, with those of its parts.</param>
public sealed record PartSummary(string Path, string Kind, IReadOnlyList<long>? Output, long Parameters, long Macs)
{
    /// <summary>0 for the network itself.</summary>
    public int Depth => Path.Length == 0 ? 0 : 1 + Path.Count(c => c == '.');
}

/// <summary>What a network is made of, as torchinfo shows it: parts with the shapes they give, their parameters and what they cost.</summary>
/// <param name="Input">Shape of the image.</param>
/// <param name="Output">Shape of the logits.</param>
/// <param name="Parts">Each before its own parts, the network first.</param>
/// <param name="Trainable">Parameters that learn.</param>
/// <param name="Buffers">Numbers kept besides, such as running statistics.</param>
/// <param name="ActivationBytes">What the layers with parameters give, in float32.</param>
public sealed record NetworkSummary(IReadOnlyList<long> Input, IReadOnlyList<long> Output, IReadOnlyList<PartSummary> Parts, long Trainable, long Buffers, long ActivationBytes)
{
    /// <summary>All parameters.</summary>
    public long Parameters => Parts[0].Parameters;

    /// <summary>Multiply-accumulates of one image.</summary>
    public long Macs => Parts[0].Macs;

    /// <summary>Sends one image of zeros through a network in evaluation.</summary>
    /// <param name="network">On the CPU; left in evaluation.</param>
    /// <param name="image">Height and width wanted; the network gets what it takes for them. Volumes are as deep as high.</param>
    /// <param name="channels">Image channels.</param>
    /// <exception cref="ConfigurationException">The network takes one size alone, and it is smaller.</exception>
    public static NetworkSummary Of(Network network, Frame image, int channels)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        network.eval();
        var side = network.Sizes.Only is { } only && only.Height <= image.Height && only.Width <= image.Width ? only : network.Sizes.For(image);
        var named = network.named_parameters().ToList();
        var isVolume = named.Count > 0 && named[0].parameter.ndim == 5;
        long[] shape = isVolume ? [1, channels, side.Height, side.Height, side.Width] : [1, channels, side.Height, side.Width];
        using var trace = new CostTrace(named.Select(p => (p.name, (Tensor)p.parameter)));
        var output = network.forward(zeros(shape)).shape;
        PartSummary[] parts = [.. network.named_modules().Prepend((name: string.Empty, module: network)).DistinctBy(part => part.module).Select(part => Part(part.name, part.module, named, trace))];
        return new NetworkSummary(
            shape,
            output,
            parts,
            named.Where(p => p.parameter.requires_grad).Sum(p => p.parameter.numel()),
            network.buffers().DistinctBy(buffer => buffer.Handle).Sum(buffer => buffer.numel()),
            sizeof(float) * parts.Where(part => named.Any(p => Owner(p.name) == part.Path) && part.Output is not null).Sum(part => part.Output!.Aggregate(1L, (n, s) => n * s)));
    }

    /// <summary>A table for people.</summary>
    /// <param name="depth">Parts nested deeper are counted in those that hold them.</param>
    public IEnumerable<string> Lines(int depth)
    {
        var shown = Parts.Where(part => part.Depth <= depth).Select(part => (Part: part, Name: $"{new string(' ', 2 * part.Depth)}{(part.Path.Length == 0 ? part.Kind : $"{part.Path[(part.Path.LastIndexOf('.') + 1)..]}: {part.Kind}")}")).ToList();
        var width = Math.Max(shown.Max(row => row.Name.Length), 24);
        yield return $"{"Part".PadRight(width)}  {"Output of its last layer",-26}  {"Parameters",15}  {"MACs",17}";
        foreach (var (part, name) in shown)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{name.PadRight(width)}  {(part.Output is { } output ? $"[{string.Join(", ", output)}]" : ""),-26}  {part.Parameters,15:N0}  {part.Macs,17:N0}").TrimEnd();
        }

        yield return string.Empty;
        yield return string.Create(CultureInfo.InvariantCulture, $"Input [{string.Join(", ", Input)}], logits [{string.Join(", ", Output)}]");
        yield return string.Create(CultureInfo.InvariantCulture, $"Parameters {Parameters:N0}, of which {Trainable:N0} learn; buffers {Buffers:N0}");
        yield return string.Create(CultureInfo.InvariantCulture, $"Multiply-accumulates {Macs:N0} ({Macs / 1e9:0.00} G)");
        yield return string.Create(CultureInfo.InvariantCulture, $"Float32: parameters {Parameters * 4 / 1e6:0.0} MB, layers' outputs {ActivationBytes / 1e6:0.0} MB, with gradients {2 * ActivationBytes / 1e6:0.0} MB");
    }

    private static PartSummary Part(string path, Module module, List<(string name, TorchSharp.Modules.Parameter parameter)> named, CostTrace trace)
    {
        var prefix = path.Length == 0 ? string.Empty : $"{path}.";
        bool Mine(string name) => name.StartsWith(prefix, StringComparison.Ordinal);
        return new PartSummary(
            path,
            path.Length == 0 ? module.GetName() : module.GetType().Name,
            path.Length == 0 ? trace.Last : named.Where(p => Mine(p.name) && trace.Shapes.ContainsKey(p.name)).Select(p => trace.Shapes[p.name]).OrderByDescending(use => use.Order).FirstOrDefault().Shape,
            module.parameters().Distinct().Sum(p => p.numel()),
            trace.Costs.Where(cost => Mine(cost.Weight ?? cost.Place)).Sum(cost => cost.Macs));
    }

    private static string Owner(string parameter) => parameter.LastIndexOf('.') is > 0 and var dot ? parameter[..dot] : string.Empty;
}
