using Osteon.Abstractions;
using Osteon.Models.Tests;
using Osteon.Runner;
using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Zoo.Tests;

public sealed class FusionTests
{
    // What is left: normalisations before their convolution (DenseNet), behind joined maps, or of another kind (LayerNorm).
    [Theory]
    [InlineData("Unet", "resnet18", 0)]
    [InlineData("UnetPlusPlus", "timm-regnetx_002", 0)]
    [InlineData("FPN", "efficientnet-b0", 0)]
    [InlineData("DeepLabV3Plus", "tu-tf_mobilenetv3_small_minimal_100", 0)]
    [InlineData("MAnet", "vgg11_bn", 0)]
    [InlineData("PSPNet", "mobileone_s0", 1000)]
    [InlineData("Linknet", "timm-resnest14d", 0)]
    [InlineData("UPerNet", "tu-convnext_atto", 0)]
    [InlineData("Unet", "densenet121", 1000)]
    [InlineData("Segformer", "mit_b0", 0)]
    public void Gives_the_same_logits_and_normalises_no_more(string architecture, string encoder, int left)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var undrawn = Undrawn.Scope();
        using var network = Zoo.Build(architecture, encoder, []);
        GoldenNumbers.FillState(network.state_dict(), 0.9);
        network.eval();
        var image = GoldenNumbers.Units("input", [1, 3, 96, 64]);
        var before = network.forward(image);
        var folded = Fusion.Fold(network, 3);
        var after = network.forward(image);
        var std = before.std(unbiased: false).item<float>();
        Assert.True(folded > 0);
        Assert.True((after - before).abs().max().item<float>() <= 1e-4 * std, $"moved by {(after - before).abs().max().item<float>() / std} deviations");
        var count = new Counted();
        using (Aten.Observe(count))
        {
            network.forward(image);
        }

        Assert.InRange(count.Norms, 0, left);
    }

    [Fact]
    public void A_normalisation_that_is_not_the_only_user_stays()
    {
        using var network = new Shared();
        Assert.Equal(1, Fusion.Fold(network, 1));
        Assert.DoesNotContain("shared.bias", network.state_dict().Keys);
        Assert.Contains("alone.bias", network.state_dict().Keys);
    }

    [Fact]
    public void Branches_become_single_convolutions_in_any_architecture()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        Encoder? encoder = null;
        Network Build(EncoderFactory factory) => Zoo.Plugins.Create<Architecture>(new Choice("Unet")).Build(new NetworkShape(3, 2), factory);
        var network = Build(asked => encoder = Zoo.Encoder("mobileone_s0", null, asked with { InChannels = 3 }));
        GoldenNumbers.FillState(network.state_dict(), 0.9);
        network.eval();
        var image = GoldenNumbers.Units("input", [1, 3, 64, 64]);
        var before = network.forward(image);
        using var single = Fusion.Unbranched(network, (Osteon.Models.IReparameterizable)encoder!, Build);
        Fusion.Fold(single, 3);
        var after = single.forward(image);
        Assert.True((after - before).abs().max().item<float>() <= 1e-4 * before.std(unbiased: false).item<float>());
        var count = new Counted();
        using (Aten.Observe(count))
        {
            single.forward(image);
        }

        Assert.Equal(0, count.Norms);
        Assert.DoesNotContain(single.state_dict().Keys, key => key.Contains("rbr_", StringComparison.Ordinal));
    }

    private sealed class Counted : IOperatorObserver
    {
        public int Norms { get; private set; }

        public void Called(string op, ReadOnlySpan<Argument> arguments, ReadOnlySpan<Tensor> results) => Norms += op == "batch_norm" ? 1 : 0;
    }

    private sealed class Shared : Network
    {
        private readonly Conv2d shared = nn.Conv2d(1, 2, 3, padding: 1, bias: false);
        private readonly Conv2d alone = nn.Conv2d(2, 2, 3, padding: 1, bias: false);
        private readonly BatchNorm2d first = nn.BatchNorm2d(2);
        private readonly BatchNorm2d second = nn.BatchNorm2d(2);

        public Shared() : base("shared")
        {
            RegisterComponents();
            first.running_mean!.fill_(0.3);
            second.running_mean!.fill_(0.3);
            second.running_var!.fill_(2);
        }

        public override InputSizes Sizes => new(1);

        public override Tensor forward(Tensor input)
        {
            var map = shared.forward(input);
            return second.forward(alone.forward(map + first.forward(map)));
        }
    }
}
