using Osteon.Abstractions;
using Osteon.Masks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Inference.Tests;

public sealed class PredictorTests
{
    private static readonly Image Step = new(new Frame(2, 4), 1, [0, 0, 100, 100, 0, 0, 100, 100]);

    [Fact]
    public void Resizes_logits_before_it_judges_them()
    {
        // Normalised, the halves are −1 and +1; at twice the width bilinear sampling gives −1 −1 −1 −½ ½ 1 1 1.
        using var network = new Scale(1);
        var mask = Assert.Single(Predictor(network, LabelMode.Multilabel, 0.5).Predict(Step, new Frame(2, 8)));
        Assert.Equal([new Run(4, 4), new Run(12, 4)], mask.Runs.ToArray());
    }

    [Fact]
    public void Takes_a_pixel_from_the_threshold_on()
    {
        // A probability of 0.7 is a logit of 0.847: above ½, below 1.
        using var network = new Scale(1);
        var mask = Assert.Single(Predictor(network, LabelMode.Multilabel, 0.7).Predict(Step, new Frame(2, 8)));
        Assert.Equal([new Run(5, 3), new Run(13, 3)], mask.Runs.ToArray());
    }

    [Fact]
    public void Gives_each_pixel_its_largest_logit_in_multiclass_mode()
    {
        using var network = new Scale(1, -1);
        var masks = Predictor(network, LabelMode.Multiclass, 0.5).Predict(Step, Step.Frame);
        Assert.Equal([new Run(2, 2), new Run(6, 2)], masks[0].Runs.ToArray());
        Assert.Equal([new Run(0, 2), new Run(4, 2)], masks[1].Runs.ToArray());
    }

    [Fact]
    public void Pads_to_what_the_network_takes_and_cuts_the_padding_off()
    {
        using var network = new Scale(1) { Multiple = 16 };
        var mask = Assert.Single(new Predictor(network, LabelMode.Multilabel, 1, new InputSizes(16), new InferPlan(), device("cpu")).Predict(Step, Step.Frame));
        Assert.Equal([new Run(2, 2), new Run(6, 2)], mask.Runs.ToArray());
    }

    [Fact]
    public void Enlarges_logits_that_are_smaller_than_the_image()
    {
        // Halved, the image is −1 1; at twice the size bilinear sampling gives −1 −½ ½ 1.
        using var network = AvgPool2d(2);
        var mask = Assert.Single(Predictor(network, LabelMode.Multilabel, 0.5).Predict(Step, Step.Frame));
        Assert.Equal([new Run(2, 2), new Run(6, 2)], mask.Runs.ToArray());
    }

    [Theory]
    [InlineData(Precision.Fp32, false)]
    [InlineData(Precision.Bf16, true)]
    public void Computes_in_the_precision_of_the_plan(Precision precision, bool narrow)
    {
        // 1 + 2⁻¹⁰ is a float32 and no bfloat16: the difference to 1 is 0 once it went through a narrow convolution.
        using var network = new Narrowed();
        var plan = new InferPlan { Precision = precision };
        var mask = Assert.Single(new Predictor(network, LabelMode.Multilabel, 1, new InputSizes(1), plan, device("cpu")).Predict(Step, Step.Frame));
        Assert.Equal(narrow ? 0 : Step.Frame.Area, mask.Area);
    }

    private static Predictor Predictor(Module<Tensor, Tensor> network, LabelMode mode, double threshold) => new(network, mode, 1, new InputSizes(1), new InferPlan { Threshold = threshold }, device("cpu"));

    /// <summary>1 + 2⁻¹⁰ out of a convolution, less 1 and a quarter of the rest: above 0 where nothing was rounded away.</summary>
    private sealed class Narrowed : Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Conv2d conv = Conv2d(1, 1, 1);

        public Narrowed()
            : base("narrowed")
        {
            RegisterComponents();
            using var noGrad = no_grad();
            conv.weight!.fill_(1 + Math.Pow(2, -10));
            conv.bias!.fill_(0);
        }

        public override Tensor forward(Tensor input) => conv.forward(ones_like(input)).to(float32) - (1 + Math.Pow(2, -12));
    }

    /// <summary>Logit k is the image times a factor.</summary>
    private sealed class Scale(params float[] factors) : Module<Tensor, Tensor>("scale")
    {
        public int Multiple { get; init; } = 1;

        public override Tensor forward(Tensor input)
        {
            Assert.Equal(0, input.shape[2] % Multiple);
            Assert.Equal(0, input.shape[3] % Multiple);
            return cat([.. factors.Select(f => input * f)], 1);
        }
    }
}
