using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Torch.Tests;

/// <summary>Every optimiser against PyTorch for 20 steps, each with a second group that has a rate and a decay of its own; optimizers.json has the weights.</summary>
public sealed class OptimizerParityTests
{
    private static readonly JsonElement s_golden =
        JsonDocument.Parse(typeof(OptimizerParityTests).Assembly.GetManifestResourceStream("optimizers.json")!).RootElement;

    private static readonly Dictionary<string, Func<Parameter, Parameter, optim.Optimizer>> s_known = new()
    {
        ["SGD"] = (w, b) => optim.SGD(SGDs(w, b), 0.1),
        ["SGD momentum"] = (w, b) => optim.SGD(SGDs(w, b), 0.1, momentum: 0.9, dampening: 0.2, weight_decay: 0.01),
        ["SGD nesterov"] = (w, b) => optim.SGD(SGDs(w, b), 0.1, momentum: 0.9, weight_decay: 0.01, nesterov: true),
        ["SGD maximize"] = (w, b) => optim.SGD(SGDs(w, b), 0.1, momentum: 0.9, weight_decay: 0.01, maximize: true),
        ["Adam"] = (w, b) => optim.Adam(Adams(w, b), 0.02),
        ["Adam amsgrad"] = (w, b) => optim.Adam(Adams(w, b), 0.02, 0.8, 0.9, 1e-6, weight_decay: 0.01, amsgrad: true),
        ["Adam maximize"] = (w, b) => optim.Adam(Adams(w, b), 0.02, weight_decay: 0.01, maximize: true),
        ["AdamW"] = (w, b) => optim.AdamW(Adams(w, b), 0.02),
        ["AdamW amsgrad"] = (w, b) => optim.AdamW(Adams(w, b), 0.02, 0.8, 0.9, weight_decay: 0.1, amsgrad: true),
        ["AdamW maximize"] = (w, b) => optim.AdamW(Adams(w, b), 0.02, maximize: true),
        ["RMSProp"] = (w, b) => optim.RMSProp(RMSProps(w, b), 0.01),
        ["RMSProp centered"] = (w, b) => optim.RMSProp(RMSProps(w, b), 0.01, alpha: 0.9, momentum: 0.9, weight_decay: 0.01, centered: true),
        ["RMSProp maximize"] = (w, b) => optim.RMSProp(RMSProps(w, b), 0.01, weight_decay: 0.01, maximize: true),
        ["Adagrad"] = (w, b) => optim.Adagrad(Adagrads(w, b), 0.1),
        ["Adagrad decay"] = (w, b) => optim.Adagrad(Adagrads(w, b), 0.1, lr_decay: 0.05, weight_decay: 0.01, initial_accumulator_value: 0.2, eps: 1e-6),
        ["Adagrad maximize"] = (w, b) => optim.Adagrad(Adagrads(w, b), 0.1, weight_decay: 0.01, maximize: true),
        ["NAdam"] = (w, b) => optim.NAdam(NAdams(w, b), 0.02),
        ["NAdam decay"] = (w, b) => optim.NAdam(NAdams(w, b), 0.02, 0.8, 0.9, weight_decay: 0.01, momentum_decay: 0.02),
        ["RAdam"] = (w, b) => optim.RAdam(RAdams(w, b), 0.02),
        ["RAdam decay"] = (w, b) => optim.RAdam(RAdams(w, b), 0.02, 0.8, 0.9, weight_decay: 0.01),
    };

    public static TheoryData<string> Names { get; } = [.. s_known.Keys];

    [Fact]
    public void Knows_every_optimiser_that_the_golden_file_has() =>
        Assert.Equal(s_golden.GetProperty("optimizers").EnumerateObject().Select(p => p.Name).Order(), s_known.Keys.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void Moves_float64_weights_as_PyTorch_does(string name) => Agrees(name, float64, 1e-6);

    [Theory]
    [MemberData(nameof(Names))]
    public void Moves_float32_weights_as_PyTorch_does(string name) => Agrees(name, float32, 1e-5);

    [Theory]
    [MemberData(nameof(Names))]
    public void Goes_on_from_a_saved_state_in_the_same_bits(string name)
    {
        using var scope = NewDisposeScope();
        var (w, b, whole) = Start(name, float32);
        using var uninterrupted = whole;
        for (var t = 0; t < 7; t++)
        {
            Step(uninterrupted, t);
        }

        var state = uninterrupted.state_dict();
        using var resumed = s_known[name](Copy(w), Copy(b));
        resumed.load_state_dict(state);
        for (var t = 7; t < 20; t++)
        {
            Step(uninterrupted, t);
            Step(resumed, t);
        }

        Assert.All(uninterrupted.parameters().Zip(resumed.parameters()), pair => Assert.True(pair.First.equal(pair.Second)));
        var (expected, actual) = (uninterrupted.state_dict(), resumed.state_dict());
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(expected, e => Assert.True(e.Value.equal(actual[e.Key]), e.Key));

        static Parameter Copy(Parameter p) => nn.Parameter(p.detach().clone());
    }

    [Fact]
    public void Groups_take_from_the_optimiser_what_they_do_not_say()
    {
        using var scope = NewDisposeScope();
        var decays = new AdamW.ParamGroup([nn.Parameter(zeros(1))]);
        var spared = new AdamW.ParamGroup([nn.Parameter(zeros(1))], new() { weight_decay = 0, LearningRate = 0.5 });
        using var optimizer = optim.AdamW([decays, spared], 0.25, beta1: 0.8, weight_decay: 0.1);
        Assert.Equal([0.25, 0.5], optimizer.ParamGroups.Select(g => g.LearningRate));
        Assert.Equal((0.1, 0), (decays.Options.weight_decay, spared.Options.weight_decay));
        Assert.Equal((0.8, 0.8), (decays.Options.beta1, spared.Options.beta1));
    }

    [Fact]
    public void A_group_with_impossible_options_is_refused()
    {
        using var scope = NewDisposeScope();
        using var sgd = optim.SGD([nn.Parameter(zeros(1))], 0.1, momentum: 0.9);
        Assert.Throws<ArgumentException>(() => sgd.add_param_group(new SGD.ParamGroup([nn.Parameter(zeros(1))], new() { nesterov = true, dampening = 0.5 })));
        Assert.Throws<ArgumentOutOfRangeException>(() => sgd.add_param_group([nn.Parameter(zeros(1))], -1));
    }

    /// <summary>Relative to the largest weight of the step: weights near 0 have no relative precision of their own.</summary>
    private static void Agrees(string name, ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        var (w, b, made) = Start(name, dtype);
        using var optimizer = made;
        var steps = s_golden.GetProperty("optimizers").GetProperty(name).EnumerateArray().Select(s => s.EnumerateArray().Select(v => v.GetDouble()).ToArray()).ToArray();
        Assert.Equal(20, steps.Length);
        for (var t = 0; t < steps.Length; t++)
        {
            Step(optimizer, t);
            double[] found = [.. w.detach().to(float64).data<double>().ToArray(), .. b.detach().to(float64).data<double>().ToArray()];
            var worst = steps[t].Zip(found, (e, f) => Math.Abs(e - f)).Max() / steps[t].Max(Math.Abs);
            Assert.True(worst <= tolerance, $"step {t + 1}: off by {worst:G3}");
        }
    }

    private static (Parameter W, Parameter B, optim.Optimizer Optimizer) Start(string name, ScalarType dtype)
    {
        var (w, b) = (nn.Parameter(Wave(4, 1, dtype)), nn.Parameter(Wave(2, 2, dtype)));
        return (w, b, s_known[name](w, b));
    }

    private static void Step(optim.Optimizer optimizer, int t)
    {
        foreach (var p in optimizer.parameters())
        {
            p.grad = (0.5 * p.detach()) + Wave((int)p.numel(), t, p.dtype);
        }

        optimizer.step();
    }

    private static Tensor Wave(int n, double phase, ScalarType dtype) =>
        tensor(Enumerable.Range(0, n).Select(i => Math.Sin((0.37 * i) + phase)).ToArray()).to(dtype);

    private static SGD.ParamGroup[] SGDs(Parameter w, Parameter b) => [new([w]), new([b], new() { LearningRate = 0.05, weight_decay = 0.03 })];

    private static AdamOptimizer.ParamGroup[] Adams(Parameter w, Parameter b) => [new([w]), new([b], new() { LearningRate = 0.01, weight_decay = 0.03 })];

    private static RMSProp.ParamGroup[] RMSProps(Parameter w, Parameter b) => [new([w]), new([b], new() { LearningRate = 0.005, weight_decay = 0.03 })];

    private static Adagrad.ParamGroup[] Adagrads(Parameter w, Parameter b) => [new([w]), new([b], new() { LearningRate = 0.05, weight_decay = 0.03 })];

    private static NAdam.ParamGroup[] NAdams(Parameter w, Parameter b) => [new([w]), new([b], new() { LearningRate = 0.01, weight_decay = 0.03 })];

    private static RAdam.ParamGroup[] RAdams(Parameter w, Parameter b) => [new([w]), new([b], new() { LearningRate = 0.01, weight_decay = 0.03 })];
}
