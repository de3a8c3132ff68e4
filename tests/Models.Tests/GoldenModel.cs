using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Testing;
using Osteon.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models.Tests;

/// <summary>A network beside the numbers its reference gives, and the tolerances that the specification allows.</summary>
internal sealed class GoldenModel : IDisposable
{
    private const double Exact = 1e-6;
    private readonly Network _network;
    private readonly JsonObject _golden;
    private readonly GoldenComparison _comparison = new();
    private bool _exact;                                            // double precision, beside numbers of nine digits

    /// <summary>Reads a golden file and fills the network by rule.</summary>
    /// <param name="path">The golden file.</param>
    /// <param name="build">Builds the network from the reference's constructor arguments.</param>
    public GoldenModel(string path, Func<JsonObject, Network> build)
        : this(ReadFile(path), build)
    {
    }

    /// <summary>Fills the network by rule.</summary>
    /// <param name="golden">What a golden file holds.</param>
    /// <param name="build">Builds the network from the reference's constructor arguments.</param>
    public GoldenModel(JsonObject golden, Func<JsonObject, Network> build)
    {
        _golden = golden;
        using var undrawn = Undrawn.Scope();
        _network = build(_golden["ctor"]!.AsObject());
        GoldenNumbers.FillState(_network.state_dict(), (double)_golden["gain"]!);
    }

    public void Dispose() => _network.Dispose();

    /// <summary>A golden file.</summary>
    public static JsonObject ReadFile(string path) => JsonNode.Parse(File.ReadAllText(path))!.AsObject();

    /// <summary>Key, shape and type of each entry of the state dictionary, in order.</summary>
    public static List<string> Lines(Module module) =>
        [.. module.state_dict().Select(s => $"{s.Key} {(s.Value.shape.Length == 0 ? "scalar" : string.Join('x', s.Value.shape))} {(s.Value.dtype == ScalarType.Int64 ? "int64" : "float32")}")];

    /// <summary>Every key, shape and type in the reference's order, by name where the file lists them and by digest in any case; and the parameter count.</summary>
    public void CheckKeys()
    {
        var expected = _golden["state_dict"]!.AsObject();
        var lines = Lines(_network);
        var listed = ExpectedLines(expected);
        if (listed.Count > 0)
        {
            Assert.Equal(listed, lines);
        }

        Assert.Equal((int)expected["count"]!, lines.Count);
        Assert.Equal((string)expected["sha256_of_lines"]!, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))))));
        Assert.Equal((long)_golden["param_count"]!, _network.parameters().Sum(p => p.numel()));
    }

    /// <summary>Feature maps, outputs and gradients with running statistics.</summary>
    public void CheckEval()
    {
        using var scope = NewDisposeScope();
        var eval = _golden["eval"]!.AsObject();
        _network.eval();
        var input = GoldenNumbers.Units("input", Longs(eval["input_shape"]!));
        CheckFeatures(eval["features"]?.AsArray() ?? [], input);
        var outputs = _network.ForwardAll(input);
        CheckOutputs(eval["outputs"]!.AsObject(), eval["f32_vs_f64"]!.AsObject(), outputs);
        Assert.Equal(outputs[0].data<float>().ToArray(), _network.forward(input).data<float>().ToArray());
        var grad = eval["grad"]!.AsObject();
        var criterion = grad["bce"] is null ? "ce" : "bce";
        var loss = criterion == "bce" ? BinaryCrossEntropy(outputs[0]) : CrossEntropy(outputs[0]);
        CheckLoss($"eval {criterion}", loss, grad, (double)grad[$"{criterion}_f64"]!, criterion);
        _network.zero_grad();
        loss.backward();
        CheckGradients("eval", grad["params"]!.AsObject(), grad["params_f64"]!.AsObject(), relative: 5e-3);
        _comparison.Finish();
    }

    /// <summary>One step with batch statistics: losses, gradients, and what it leaves in the running ones.</summary>
    /// <param name="exact">
    /// Where single precision says nothing, because batch normalisation over a few values amplifies rounding: the step is made in double
    /// precision, and compared to six digits with the reference's own in double precision.
    /// </param>
    /// <param name="exactBuffers">Then, sums of running statistics in double precision, which the files do not have; null for the files' own.</param>
    public void CheckTrain(bool exact = false, JsonObject? exactBuffers = null)
    {
        using var scope = NewDisposeScope();
        var train = _golden["train"]!.AsObject();
        var input = GoldenNumbers.Units("input", Longs(train["input_shape"]!));
        if (exact)
        {
            _exact = true;
            _network.to(ScalarType.Float64);
            input = input.to(ScalarType.Float64);
        }

        _network.train();
        _network.apply(part =>
        {
            if (part is TorchSharp.Modules.Dropout or TorchSharp.Modules.Dropout2d or TorchSharp.Modules.Dropout3d or DropPath)      // the reference drew nothing either
            {
                part.eval();
            }
        });
        var outputs = _network.ForwardAll(input);
        Assert.Equal(Longs(train["output_shape"]!), outputs[0].shape);
        CheckBuffers(exactBuffers ?? train["buffers_after"]?.AsObject() ?? [], exactBuffers is null ? 2e-5 : Exact);

        // Parameters of an auxiliary head get their gradient from the loss of all outputs alone.
        var widest = new[] { "loss", "bce", "ce" }.First(name => train[name] is not null);
        CheckStep(train, "bce", () => BinaryCrossEntropy(outputs[0]), widest);
        CheckStep(train, "ce", () => CrossEntropy(outputs[0]), widest);
        CheckStep(train, "loss", () => Weighted(outputs), widest);
        _comparison.Finish();
    }

    private static Tensor BinaryCrossEntropy(Tensor logits) =>
        functional.binary_cross_entropy_with_logits(logits, GoldenNumbers.Bits("mask", logits.shape).to(logits.dtype));

    private static Tensor CrossEntropy(Tensor logits)
    {
        long[] shape = [logits.shape[0], .. logits.shape[2..]];
        return functional.cross_entropy(logits, tensor(GoldenNumbers.Labels("labels", shape.Aggregate(1L, (a, b) => a * b), (int)logits.shape[1]), shape));
    }

    private static List<string> ExpectedLines(JsonObject expected)
    {
        static IEnumerable<string> Lines(JsonNode? list) => list?.AsArray().Select(line => (string)line!) ?? [];
        var file = (string?)expected["prefix_file"];
        var shared = file is null
            ? []
            : File.ReadLines(SharedData.Path($"golden/{file}")).Take((int)expected["prefix_count"]!).Select(line => (string)expected["prefix"]! + line);
        return [.. shared, .. Lines(expected["rest"]), .. Lines(expected["all"])];
    }

    // What feeds the decoder: the network's part that gives a list of maps.
    private void CheckFeatures(JsonArray expected, Tensor input)
    {
        if (expected.Count == 0)
        {
            return;
        }

        using var untracked = no_grad();
        var maps = _network.children().OfType<Module<Tensor, IReadOnlyList<Tensor>>>().First().forward(input);
        Assert.Equal(expected.Count, maps.Count);
        for (var i = 0; i < maps.Count; i++)
        {
            Assert.Equal(Longs(expected[i]!["shape"]!), maps[i].shape);
            if (maps[i].numel() > 0)
            {
                _comparison.CheckTensor($"features[{i}]", maps[i], expected[i]!.AsObject(), noise: 0);
            }
        }

        _comparison.Finish();                                       // what comes behind a wrong map is wrong for no reason of its own
    }

    // mmseg's logits_lowres is what its out, which is checked, is enlarged from.
    private void CheckOutputs(JsonObject expected, JsonObject noise, IReadOnlyList<Tensor> outputs)
    {
        var names = expected.Select(o => o.Key).Where(name => name != "logits_lowres").ToArray();
        Assert.Equal(names.Length, outputs.Count);
        Assert.Equal(outputs.Count, _network.Outputs.Count);
        for (var i = 0; i < names.Length; i++)
        {
            _comparison.CheckTensor(names[i], outputs[i], expected[names[i]]!.AsObject(), (double)noise[names[i]]!["max_abs"]!);
        }
    }

    private void CheckStep(JsonObject train, string criterion, Func<Tensor> objective, string widest)
    {
        if (train[criterion] is null)
        {
            return;
        }

        var exact = train["f64"]!.AsObject();
        _network.zero_grad();
        var loss = objective();
        CheckLoss($"train {criterion}", loss, train, (double)exact[criterion]!, criterion);
        loss.backward(retain_graph: true);
        if (criterion == widest)
        {
            _comparison.Check("parameters without gradient", _network.parameters().Count(p => p.grad is null), (int)train["no_grad_params"]!, 0);
        }

        CheckGradients($"train {criterion}", train[$"grad_{criterion}"]!.AsObject(), exact[$"grad_{criterion}"]!.AsObject(), relative: 2e-2);
    }

    // torchvision's and mmseg's own sum: the auxiliary output, enlarged where it is smaller, with the weight that the network declares.
    private Tensor Weighted(IReadOnlyList<Tensor> outputs)
    {
        var sum = CrossEntropy(outputs[0]);
        for (var i = 1; i < outputs.Count; i++)
        {
            var enlarged = functional.interpolate(outputs[i], size: outputs[0].shape[2..], mode: InterpolationMode.Bilinear, align_corners: false);
            sum += CrossEntropy(enlarged) * _network.Outputs[i].Weight;
        }

        return sum;
    }

    private void CheckLoss(string what, Tensor loss, JsonObject single, double exact, string criterion) =>
        _comparison.Check(what, loss.to(ScalarType.Float64).item<double>(), exact, _exact ? Exact * Math.Abs(exact) : Math.Max(1e-4 * Math.Abs(exact), 10 * Math.Abs((double)single[criterion]! - exact)));

    private void CheckGradients(string what, JsonObject single, JsonObject exact, double relative)
    {
        var (parameters, total) = (_network.named_parameters().ToDictionary(p => p.name, p => p.parameter), 0.0);
        foreach (var parameter in parameters.Values)
        {
            total += parameter.grad is { } grad ? Math.Pow(Norm(grad), 2) : 0;
        }

        foreach (var (name, expected) in exact)
        {
            var norm = name == "__total__" ? Math.Sqrt(total) : Norm(parameters[name].grad!);
            var l2 = (double)expected!["l2"]!;
            _comparison.Check($"{what} gradient of {name}", norm, l2, _exact ? Exact * l2 : Math.Max(relative * l2, 5 * Math.Abs((double)single[name]!["l2"]! - l2)));
        }
    }

    private void CheckBuffers(JsonObject expected, double relative)
    {
        var state = _network.state_dict();
        foreach (var (name, sums) in expected)
        {
            if (sums is JsonObject)
            {
                var values = state[name].to(ScalarType.Float64);
                var sumabs = (double)sums["sumabs"]!;
                _comparison.Check($"{name} after a step", values.sum().item<double>(), (double)sums["sum"]!, relative * sumabs);
                _comparison.Check($"|{name}| after a step", values.abs().sum().item<double>(), sumabs, relative * sumabs);
            }
            else
            {
                _comparison.Check($"{name} after a step", state[name].item<long>(), (long)sums!, 0);
            }
        }
    }

    private static double Norm(Tensor gradient) => gradient.to(ScalarType.Float64).norm().item<double>();

    private static long[] Longs(JsonNode list) => [.. list.AsArray().Select(n => (long)n!)];
}
