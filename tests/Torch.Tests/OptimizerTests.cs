using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Torch.Tests;

/// <summary>State of optimisers. What a step computes is ParityTests' matter.</summary>
public sealed class OptimizerTests
{
    public static TheoryData<string> Names { get; } = ["SGD", "Adam", "AdamW", "AMSGrad", "RMSprop"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_resumed_run_ends_in_the_same_bits(string name)
    {
        using var scope = NewDisposeScope();
        using var whole = SmallUNet.Filled();
        using var uninterrupted = Make(name, whole.parameters());
        using var first = SmallUNet.Filled();
        using var before = Make(name, first.parameters());
        for (var i = 0; i < 6; i++)
        {
            whole.Step(uninterrupted);
        }

        for (var i = 0; i < 3; i++)
        {
            first.Step(before);
        }

        using var second = new SmallUNet();
        using var after = Make(name, second.parameters());
        second.load_state_dict(first.state_dict());
        after.load_state_dict(before.state_dict());
        for (var i = 0; i < 3; i++)
        {
            second.Step(after);
        }

        Assert.All(whole.state_dict().Zip(second.state_dict()), pair => Assert.True(pair.First.Value.equal(pair.Second.Value), pair.First.Key));
    }

    [Fact]
    public void State_keys_name_parameter_and_quantity()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(2, 1);
        using var adam = optim.Adam(linear.parameters());
        linear.forward(ones(1, 2)).sum().backward();
        adam.step();
        var state = adam.state_dict();
        Assert.Equal(["0.exp_avg", "0.exp_avg_sq", "0.step", "1.exp_avg", "1.exp_avg_sq", "1.step"], state.Keys.Order());
        Assert.Equal(int64, state["0.step"].dtype);
        Assert.Equal(1, state["0.step"].item<long>());
    }

    [Fact]
    public void Refuses_a_state_that_does_not_fit_and_keeps_its_own()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(2, 1);
        using var adam = optim.Adam(linear.parameters());
        linear.forward(ones(1, 2)).sum().backward();
        adam.step();
        foreach (var (key, value) in new[] { ("0.exp_avg", zeros(3)), ("2.exp_avg", zeros(1)), ("0.momentum_buffer", zeros(1, 2)), ("exp_avg", zeros(1)) })
        {
            Assert.Contains(key, Assert.Throws<InvalidOperationException>(() => adam.load_state_dict(new Dictionary<string, Tensor> { [key] = value })).Message, StringComparison.Ordinal);
        }

        Assert.Equal(6, adam.state_dict().Count);
    }

    [Fact]
    public void Groups_learn_at_their_own_rates()
    {
        using var scope = NewDisposeScope();
        using var first = nn.Parameter(zeros(1));
        using var second = nn.Parameter(zeros(1));
        using var sgd = optim.SGD([first], 0.5);
        sgd.add_param_group([second], 0.25);
        (first + second).sum().backward();
        sgd.step();
        Assert.Equal(-0.5f, first.item<float>());
        Assert.Equal(-0.25f, second.item<float>());
        Assert.Throws<ArgumentException>(() => sgd.add_param_group([second], 1));
        foreach (var group in sgd.ParamGroups)
        {
            group.LearningRate *= 2;
        }

        sgd.step();
        Assert.Equal(-1.5f, first.item<float>());
        Assert.Equal(0.5, sgd.ParamGroups.First().InitialLearningRate);
    }

    private static optim.Optimizer Make(string name, IEnumerable<Parameter> parameters) => name switch
    {
        "SGD" => optim.SGD(parameters, 0.05, momentum: 0.9, dampening: 0.1, weight_decay: 1e-4),
        "Adam" => optim.Adam(parameters, 1e-2),
        "AdamW" => optim.AdamW(parameters, 1e-2),
        "AMSGrad" => optim.Adam(parameters, 1e-2, amsgrad: true),
        _ => optim.RMSProp(parameters, 1e-3, momentum: 0.9, centered: true),
    };
}
