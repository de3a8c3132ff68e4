using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Osteon.Abstractions;
using Osteon.Plugins.Losses.Segmentation;
using static TorchSharp.torch;

namespace Osteon.Models.Tests;

/// <summary>One line of a file of golden losses: SMP's name and keyword arguments, an input made by rule, value and gradient.</summary>
internal sealed class LossCase(JsonObject golden, bool release)
{
    private const int Images = 2, Classes = 4, Height = 8, Width = 12;

    private static readonly JsonSerializerOptions Binding = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly string _mode = (string)golden["mode"]!;

    private long[] Shape => [Images, _mode == "binary" ? 1 : Classes, Height, Width];

    public LabelMode Mode => _mode == "multiclass" ? LabelMode.Multiclass : LabelMode.Multilabel;

    public double Value => (double)(golden["value_f64"] ?? golden["value"])!;

    public (double L2, double Probe) Gradient => (golden["grad_f64"] ?? golden["grad"])!.AsObject() is var g ? ((double)g["l2"]!, (double)g["probe"]!) : default;

    public override string ToString() => $"{(string)golden["loss"]!} {golden["mode"]} {golden["args"]!.ToJsonString()}" +
        string.Concat(golden.Where(p => p.Key is "target_ignore_value" or "empty_class" or "input").Select(p => $" {p.Key}={p.Value}"));

    /// <summary>Every case of a file, whatever it holds.</summary>
    public static IEnumerable<LossCase> In(string path)
    {
        var file = JsonNode.Parse(File.ReadAllText(path))!;
        var release = (string)file["source"]!["version"]! == "0.5.0";
        return file["cases"]!.AsArray().Select(c => new LossCase(c!.AsObject(), release));
    }

    /// <summary>The plugin that claims the name, with the arguments as its options record reads them from YAML.</summary>
    public Loss Build()
    {
        var name = (string)golden["loss"]!;
        var plugin = typeof(DiceLoss).Assembly.GetTypes().Single(t => t.GetCustomAttributes<LossAttribute>().Any(a => a.Name == name));
        var constructor = Assert.Single(plugin.GetConstructors());
        return (Loss)constructor.Invoke([Arguments(name).Deserialize(constructor.GetParameters()[0].ParameterType, Binding)]);
    }

    public Tensor Input()
    {
        var logits = GoldenNumbers.Units("loss.logits", Shape, 3);
        return (string?)golden["input"] != "probabilities" ? logits : Mode == LabelMode.Multiclass ? logits.softmax(1) : logits.sigmoid();
    }

    /// <summary>SMP's targets as planes: where it has labels, an ignored pixel that is no class has none.</summary>
    public Tensor Targets() => Mode == LabelMode.Multiclass ? Planes() : GoldenNumbers.Filled(Shape, "loss.mask",
        (i, seed) => Ignored(i) ?? (EmptyClass && (_mode == "binary" || i / (Height * Width) % Classes == 1) ? 0 : (int)(GoldenNumbers.Hash(i, seed) >> 31)));

    private bool EmptyClass => (bool?)golden["empty_class"] ?? false;

    private int? Ignored(int index) => golden["target_ignore_value"] is { } value && (GoldenNumbers.Hash(index, GoldenNumbers.Seed("loss.ignore")) & 7) == 0 ? (int)value : null;

    private Tensor Planes()
    {
        var labels = GoldenNumbers.Labels("loss.labels", Images * Height * Width, Classes);
        var targets = new float[labels.Length * Classes];
        for (var i = 0; i < labels.Length; i++)
        {
            var label = Ignored(i) ?? (EmptyClass && labels[i] == 1 ? 0 : labels[i]);
            if (label is >= 0 and < Classes)
            {
                targets[(((i / (Height * Width) * Classes) + label) * Height * Width) + (i % (Height * Width))] = 1;
            }
        }

        return tensor(targets, Shape);
    }

    /// <summary>What is called or preset otherwise than in SMP; all else is handed over as it stands.</summary>
    private JsonObject Arguments(string loss)
    {
        var args = new JsonObject(golden["args"]!.AsObject()        // None is the default everywhere but here, where it turns a default off
            .Where(a => a.Value is not null || a.Key == "ignore_index").Select(a => KeyValuePair.Create(a.Key, a.Value?.DeepClone())));
        if (args.Remove("weight", out var weight))                  // in YAML that is the loss's share of the sum
        {
            args["class_weights"] = weight;
        }

        if (loss == "MCCLoss")                                      // SMP's has no activation; a plan's loss gets logits
        {
            args["from_logits"] = false;
        }

        if (loss == "FocalLoss" && !release)                        // the development branch's rule for classes
        {
            args["average_classes"] = true;
        }

        return args;
    }
}
