using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Torch.Tests;

/// <summary>Every optimiser against PyTorch for 20 steps in both widths, each with a second group that has a rate and a decay of its own; optimizers.json has the weights.</summary>
public sealed class OptimizerParityTests
{
    private const int Steps = 20;
    private const double Tolerance = 1e-6;

    private static readonly JsonElement s_golden =
        JsonDocument.Parse(typeof(OptimizerParityTests).Assembly.GetManifestResourceStream("optimizers.json")!).RootElement;

    private static readonly Dictionary<string, Func<Parameter, Parameter?, optim.Optimizer>> s_known = new()
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
        ["Adadelta"] = (w, b) => optim.Adadelta(Groups<Adadelta.Options>(w, b, 0.5), 1),
        ["Adadelta decay"] = (w, b) => optim.Adadelta(Groups<Adadelta.Options>(w, b, 0.25), 0.5, 0.8, 1e-4, weight_decay: 0.01, maximize: true),
        ["Adamax"] = (w, b) => optim.Adamax(Groups<Adamax.Options>(w, b, 0.01), 0.02),
        ["Adamax decay"] = (w, b) => optim.Adamax(Groups<Adamax.Options>(w, b, 0.01), 0.02, 0.8, 0.9, weight_decay: 0.01),
        ["ASGD"] = (w, b) => optim.ASGD(Groups<ASGD.Options>(w, b, 0.01), 0.02),
        ["ASGD decay"] = (w, b) => optim.ASGD(Groups<ASGD.Options>(w, b, 0.01), 0.02, 0.1, 0.5, 3, weight_decay: 0.01),
        ["Rprop"] = (w, b) => optim.Rprop(Groups<Rprop.Options>(w, b, 0.01), 0.02),
        ["Rprop steps"] = (w, b) => optim.Rprop(Groups<Rprop.Options>(w, b, 0.01), 0.02, 0.4, 1.5, 0.01, 0.1),
    };

    public static TheoryData<string> Names { get; } = [.. s_known.Keys];

    [Fact]
    public void Knows_every_optimiser_that_the_golden_file_has() =>
        Assert.Equal(s_golden.GetProperty("optimizers").EnumerateObject().Select(p => p.Name).Order(), s_known.Keys.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void Moves_float64_weights_as_PyTorch_does_at_every_step(string name) => AgreesThroughout(name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Moves_float32_weights_as_PyTorch_does(string name)
    {
        using var scope = NewDisposeScope();
        var (w, b, made) = Start(name, float32);
        using var optimizer = made;
        for (var t = 0; t < Steps; t++)
        {
            Step(optimizer, t);
        }

        Agrees(s_golden.GetProperty("float32").GetProperty(name), w, b, name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Moves_a_group_that_joins_later_as_PyTorch_does(string name)
    {
        if (!s_golden.GetProperty("joined").TryGetProperty(name, out var expected))
        {
            Assert.StartsWith("Adagrad", name, StringComparison.Ordinal);       // PyTorch 1.13 cannot
            return;
        }

        using var scope = NewDisposeScope();
        var (w, b) = (nn.Parameter(Wave(4, 1, float64)), nn.Parameter(Wave(2, 2, float64)));
        using var optimizer = s_known[name](w, null);
        for (var t = 0; t < Steps; t++)
        {
            if (t == 6)
            {
                Join(optimizer, b);
            }

            Step(optimizer, t);
        }

        Agrees(expected, w, b, name);
    }

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
        for (var t = 7; t < Steps; t++)
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

    private static void AgreesThroughout(string name)
    {
        using var scope = NewDisposeScope();
        var (w, b, made) = Start(name, float64);
        using var optimizer = made;
        var steps = s_golden.GetProperty("optimizers").GetProperty(name);
        Assert.Equal(Steps, steps.GetArrayLength());
        for (var t = 0; t < Steps; t++)
        {
            Step(optimizer, t);
            Agrees(steps[t], w, b, $"step {t + 1}");
        }
    }

    /// <summary>Relative to the largest weight: weights near 0 have no relative precision of their own.</summary>
    private static void Agrees(JsonElement expected, Parameter w, Parameter b, string what)
    {
        double[] wanted = [.. expected.EnumerateArray().Select(v => v.GetDouble())];
        double[] found = [.. w.detach().to(float64).data<double>().ToArray(), .. b.detach().to(float64).data<double>().ToArray()];
        var worst = wanted.Zip(found, (e, f) => Math.Abs(e - f)).Max() / wanted.Max(Math.Abs);
        Assert.True(worst <= Tolerance, $"{what}: off by {worst:G3}");
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

    private static void Join(optim.Optimizer optimizer, Parameter b)
    {
        _ = optimizer switch
        {
            SGD o => o.add_param_group(SGDs(null, b)[0]) as TorchSharp.Modules.ParamGroup,
            AdamOptimizer o => o.add_param_group(Adams(null, b)[0]),
            RMSProp o => o.add_param_group(RMSProps(null, b)[0]),
            NAdam o => o.add_param_group(NAdams(null, b)[0]),
            RAdam o => o.add_param_group(RAdams(null, b)[0]),
            Adadelta o => o.add_param_group(Groups<Adadelta.Options>(null, b, o.ParamGroups.First().LearningRate / 2)[0]),
            Adamax o => o.add_param_group(Groups<Adamax.Options>(null, b, 0.01)[0]),
            ASGD o => o.add_param_group(Groups<ASGD.Options>(null, b, 0.01)[0]),
            Rprop o => o.add_param_group(Groups<Rprop.Options>(null, b, 0.01)[0]),
            _ => throw new ArgumentException(optimizer.GetType().Name),
        };
    }

    private static SGD.ParamGroup[] SGDs(Parameter? w, Parameter? b) => Groups<SGD.Options>(w, b, 0.05);

    private static AdamOptimizer.ParamGroup[] Adams(Parameter? w, Parameter? b) => Groups<AdamOptimizer.Options>(w, b, 0.01);

    private static RMSProp.ParamGroup[] RMSProps(Parameter? w, Parameter? b) => Groups<RMSProp.Options>(w, b, 0.005);

    private static Adagrad.ParamGroup[] Adagrads(Parameter? w, Parameter? b) => Groups<Adagrad.Options>(w, b, 0.05);

    private static NAdam.ParamGroup[] NAdams(Parameter? w, Parameter? b) => Groups<NAdam.Options>(w, b, 0.01);

    private static RAdam.ParamGroup[] RAdams(Parameter? w, Parameter? b) => Groups<RAdam.Options>(w, b, 0.01);

    /// <summary>The first as the optimiser says, the second at a rate and with a decay of its own; null leaves one out.</summary>
    private static Optimizer<TOptions>.ParamGroup[] Groups<TOptions>(Parameter? w, Parameter? b, double rate)
        where TOptions : OptimizerOptions, new()
    {
        var groups = new List<Optimizer<TOptions>.ParamGroup>();
        if (w is not null)
        {
            groups.Add(new([w]));
        }

        if (b is not null)
        {
            groups.Add(new([b], new() { LearningRate = rate, weight_decay = 0.03 }));
        }

        return [.. groups];
    }
}
