using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch.Tests;

/// <summary>Names, state and conversion of modules.</summary>
public sealed class ModuleTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Fields_give_the_state_dictionary_its_keys()
    {
        using var net = new Sample();
        Assert.Equal(
            ["scale", "mean", "conv1.weight", "layer1.0.weight", "layer1.0.bias", "layer1.bn.weight", "layer1.bn.bias", "layer1.bn.running_mean", "layer1.bn.running_var", "layer1.bn.num_batches_tracked", "list.0.weight", "list.1.weight", "2.weight"],
            net.state_dict().Keys);
        Assert.Equal(["conv1", "layer1", "list", "2"], net.named_children().Select(c => c.name));
        Assert.Equal(["conv1", "layer1", "layer1.0", "layer1.bn", "list", "list.0", "list.1", "2"], net.named_modules().Select(c => c.name));
        Assert.Equal(["mean", "layer1.bn.running_mean", "layer1.bn.running_var", "layer1.bn.num_batches_tracked"], net.named_buffers().Select(b => b.name));
    }

    [Fact]
    public void Refuses_a_state_dictionary_and_lists_every_fault()
    {
        using var net = Sequential(Conv2d(1, 2, 3), Linear(2, 2));
        var state = net.state_dict().ToDictionary(e => e.Key, e => e.Value.detach().clone());
        state.Remove("0.bias");
        state["1.weight"] = zeros(3, 2);
        state["extra"] = zeros(1);
        var error = Assert.Throws<InvalidOperationException>(() => net.load_state_dict(state));
        Assert.Contains("missing keys: 0.bias", error.Message, StringComparison.Ordinal);
        Assert.Contains("unexpected keys: extra", error.Message, StringComparison.Ordinal);
        Assert.Contains("1.weight is [3, 2], must be [2, 2]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Loads_what_fits_and_tells_what_does_not_when_not_strict()
    {
        using var net = Sequential(Linear(2, 2));
        var (missing, unexpected) = net.load_state_dict(new Dictionary<string, Tensor> { ["0.weight"] = ones(2, 2, float64), ["x"] = ones(1) }, strict: false);
        Assert.Equal(["0.bias"], missing);
        Assert.Equal(["x"], unexpected);
        Assert.True(net.get_parameter("0.weight")!.equal(ones(2, 2)));
    }

    [Fact]
    public void Converting_keeps_the_objects_that_others_hold()
    {
        using var net = new Sample();
        var weight = net.get_parameter("conv1.weight")!;
        net.forward(ones(1, 1, 4, 4)).sum().backward();
        net.to(float64);
        Assert.Equal(float64, weight.dtype);
        Assert.Equal(float64, weight.grad!.dtype);
        Assert.True(weight.requires_grad);
        Assert.Equal(int64, net.get_buffer("layer1.bn.num_batches_tracked")!.dtype);
        Assert.Equal(float64, net.forward(ones(1, 1, 4, 4, float64)).dtype);
    }

    [Fact]
    public void Channels_last_weights_give_the_same_results()
    {
        using var net = SmallUNet.Filled();
        net.eval();
        using var grad = no_grad();
        var x = Parity.Wave([2, 1, 32, 32]);
        var expected = net.forward(x);
        net.to_channels_last();
        Assert.True(net.get_parameter("enc2.0.weight")!.is_contiguous(channels_last));
        var found = net.forward(x.contiguous(channels_last));
        Assert.True(found.allclose(expected, 1e-4, 1e-5));
    }

    [Fact]
    public void Train_and_eval_reach_every_part()
    {
        using var net = new Sample();
        net.eval();
        Assert.All(net.modules(), m => Assert.False(m.training));
        net.train();
        Assert.All(net.modules(), m => Assert.True(m.training));
        var visited = new List<Module>();
        net.apply(visited.Add);
        Assert.Equal(net.modules().Count() + 1, visited.Count);
    }

    [Fact]
    public void Dropout_drops_in_training_only()
    {
        using var drop = Dropout(0.5);
        Assert.NotEqual(0, drop.forward(ones([1000])).eq(0).sum().item<long>());
        drop.eval();
        Assert.True(drop.forward(ones([1000])).equal(ones([1000])));
    }

    [Fact]
    public void Freezing_keeps_parameters_out_of_the_update()
    {
        using var net = Sequential(Linear(2, 2), Linear(2, 1));
        using var optimizer = optim.SGD(net.parameters(), 1);
        net[0].requires_grad_(false);
        var before = net.get_parameter("0.weight")!.detach().clone();
        net.forward(ones(1, 2)).sum().backward();
        optimizer.step();
        Assert.True(before.equal(net.get_parameter("0.weight")!));
        Assert.Null(net.get_parameter("0.weight")!.grad);
    }

    [Fact]
    public void Refuses_a_name_twice() =>
        Assert.Throws<ArgumentException>(() => Sequential(("a", ReLU()), ("a", ReLU())));

    private sealed class Sample : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1 = Conv2d(1, 2, 1, bias: false);
        private readonly Sequential layer1 = Sequential(("0", Conv2d(2, 2, 1)), ("bn", BatchNorm2d(2)));
        private readonly ModuleList<Conv2d> list = ModuleList(Conv2d(2, 2, 1, bias: false), Conv2d(2, 2, 1, bias: false));
        private readonly Conv2d? absent;
        private readonly Parameter scale = new(ones([]));
        private readonly Tensor mean = zeros([]);

        [ComponentName(Name = "2")]
        private readonly Conv2d third = Conv2d(2, 1, 1, bias: false);

        public Sample()
            : base("Sample")
        {
            absent = null;
            RegisterComponents();
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = layer1.forward(conv1.forward((input - mean) * scale));
            foreach (var conv in list)
            {
                x = conv.forward(x);
            }

            Assert.Null(absent);
            return third.forward(x).MoveToOuterDisposeScope();
        }
    }
}
