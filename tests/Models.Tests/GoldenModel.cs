using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Osteon.Testing;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models.Tests;

/// <summary>A network beside the numbers its reference gives, and the tolerances that the specification allows.</summary>
internal sealed class GoldenModel : IDisposable
{
    private readonly Module<Tensor, Tensor> _network;
    private readonly JsonObject _golden;
    private readonly GoldenComparison _comparison = new();

    /// <summary>Reads a golden file and fills the network by rule.</summary>
    /// <param name="path">The golden file.</param>
    /// <param name="build">Builds the network from the reference's constructor arguments.</param>
    public GoldenModel(string path, Func<JsonObject, Module<Tensor, Tensor>> build)
    {
        _golden = ReadFile(path);
        _network = build(_golden["ctor"]!.AsObject());
        GoldenNumbers.FillState(_network.state_dict(), (double)_golden["gain"]!);
    }

    public void Dispose() => _network.Dispose();

    /// <summary>A golden file.</summary>
    public static JsonObject ReadFile(string path) => JsonNode.Parse(File.ReadAllText(path))!.AsObject();

    /// <summary>An encoder's feature maps with running statistics, filled as the part of a network it is.</summary>
    public static void CheckFeatures(JsonObject golden, Module<Tensor, IReadOnlyList<Tensor>> encoder)
    {
        GoldenNumbers.FillState(encoder.state_dict(prefix: "encoder"), (double)golden["gain"]!);
        encoder.eval();
        using var untracked = no_grad();
        var maps = encoder.forward(GoldenNumbers.Units("input", Longs(golden["eval"]!["input_shape"]!)));
        var features = golden["eval"]!["features"]!.AsArray();
        Assert.Equal(features.Count, maps.Count);
        var comparison = new GoldenComparison();
        for (var i = 0; i < maps.Count; i++)
        {
            comparison.CheckTensor($"features[{i}]", maps[i], features[i]!.AsObject(), noise: 0);
        }

        comparison.Finish();
    }

    /// <summary>Every key, shape and type in the reference's order, and the parameter count.</summary>
    public void CheckKeys()
    {
        var expected = _golden["state_dict"]!.AsObject();
        var lines = _network.state_dict().Select(s => $"{s.Key} {(s.Value.shape.Length == 0 ? "scalar" : string.Join('x', s.Value.shape))} {(s.Value.dtype == ScalarType.Int64 ? "int64" : "float32")}").ToList();
        Assert.Equal(ExpectedLines(expected), lines);
        Assert.Equal((int)expected["count"]!, lines.Count);
        Assert.Equal((string)expected["sha256_of_lines"]!, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))))));
        Assert.Equal((long)_golden["param_count"]!, _network.parameters().Sum(p => p.numel()));
    }

    /// <summary>Outputs and gradients with running statistics.</summary>
    public void CheckEval()
    {
        using var scope = NewDisposeScope();
        var eval = _golden["eval"]!.AsObject();
        _network.eval();
        var input = GoldenNumbers.Units("input", Longs(eval["input_shape"]!));
        var output = _network.forward(input);
        _comparison.CheckTensor("out", output, eval["outputs"]!["out"]!.AsObject(), (double)eval["f32_vs_f64"]!["out"]!["max_abs"]!);
        var grad = eval["grad"]!.AsObject();
        var loss = BinaryCrossEntropy(output);
        CheckLoss("eval bce", loss, (double)grad["bce"]!, (double)grad["bce_f64"]!);
        loss.backward();
        CheckGradients("eval", grad["params"]!.AsObject(), grad["params_f64"]!.AsObject(), relative: 5e-3);
        _comparison.Finish();
    }

    /// <summary>One step with batch statistics: losses, gradients, and what it leaves in the running ones.</summary>
    public void CheckTrain()
    {
        using var scope = NewDisposeScope();
        var train = _golden["train"]!.AsObject();
        _network.train();
        var input = GoldenNumbers.Units("input", Longs(train["input_shape"]!));
        var output = _network.forward(input);
        Assert.Equal(Longs(train["output_shape"]!), output.shape);
        CheckBuffers(train["buffers_after"]!.AsObject());
        var exact = train["f64"]!.AsObject();
        var loss = BinaryCrossEntropy(output);
        CheckLoss("train bce", loss, (double)train["bce"]!, (double)exact["bce"]!);
        loss.backward(retain_graph: true);
        _comparison.Check("parameters without gradient", _network.parameters().Count(p => p.grad is null), (int)train["no_grad_params"]!, 0);
        CheckGradients("train bce", train["grad_bce"]!.AsObject(), exact["grad_bce"]!.AsObject(), relative: 2e-2);
        if (train["ce"] is not null)
        {
            _network.zero_grad();
            loss = CrossEntropy(output);
            CheckLoss("train ce", loss, (double)train["ce"]!, (double)exact["ce"]!);
            loss.backward();
            CheckGradients("train ce", train["grad_ce"]!.AsObject(), exact["grad_ce"]!.AsObject(), relative: 2e-2);
        }

        _comparison.Finish();
    }

    private static Tensor BinaryCrossEntropy(Tensor logits) =>
        functional.binary_cross_entropy_with_logits(logits, GoldenNumbers.Bits("mask", logits.shape));

    private static Tensor CrossEntropy(Tensor logits)
    {
        var (n, k, h, w) = (logits.shape[0], logits.shape[1], logits.shape[2], logits.shape[3]);
        return functional.cross_entropy(logits, tensor(GoldenNumbers.Labels("labels", n * h * w, (int)k), [n, h, w]));
    }

    private static IEnumerable<string> ExpectedLines(JsonObject expected)
    {
        static IEnumerable<string> Lines(JsonNode? list) => list?.AsArray().Select(line => (string)line!) ?? [];
        var file = (string?)expected["prefix_file"];
        var shared = file is null
            ? []
            : File.ReadLines(SharedData.Path($"golden/{file}")).Take((int)expected["prefix_count"]!).Select(line => (string)expected["prefix"]! + line);
        return [.. shared, .. Lines(expected["rest"]), .. Lines(expected["all"])];
    }

    private void CheckLoss(string what, Tensor loss, double single, double exact) =>
        _comparison.Check(what, loss.item<float>(), exact, Math.Max(1e-4 * Math.Abs(exact), 10 * Math.Abs(single - exact)));

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
            _comparison.Check($"{what} gradient of {name}", norm, l2, Math.Max(relative * l2, 5 * Math.Abs((double)single[name]!["l2"]! - l2)));
        }
    }

    private void CheckBuffers(JsonObject expected)
    {
        var state = _network.state_dict();
        foreach (var (name, sums) in expected)
        {
            if (sums is JsonObject)
            {
                var values = state[name].data<float>().ToArray();
                var sumabs = (double)sums["sumabs"]!;
                _comparison.Check($"{name} after a step", values.Sum(v => (double)v), (double)sums["sum"]!, 2e-5 * sumabs);
                _comparison.Check($"|{name}| after a step", values.Sum(v => Math.Abs((double)v)), sumabs, 2e-5 * sumabs);
            }
            else
            {
                _comparison.Check($"{name} after a step", state[name].item<long>(), (long)sums!, 0);
            }
        }
    }

    private static double Norm(Tensor gradient) => Math.Sqrt(gradient.contiguous().data<float>().ToArray().Sum(v => (double)v * v));

    private static long[] Longs(JsonNode list) => [.. list.AsArray().Select(n => (long)n!)];
}
