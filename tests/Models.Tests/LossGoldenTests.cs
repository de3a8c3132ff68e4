using Osteon.Abstractions;
using Osteon.Plugins.Losses.Segmentation;
using Osteon.Testing;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models.Tests;

/// <summary>Losses beside segmentation_models.pytorch, its release 0.5.0 and its development branch: values and gradients.</summary>
public sealed class LossGoldenTests
{
    private const int Classes = 4;

    [Fact]
    public void Agrees_with_the_reference_in_every_case_that_lies_beside_the_checkout() =>
        Agree(Directory.GetFiles(SharedData.Path("golden/losses"), "losses.*.json"));

    [Fact]
    public void Agrees_with_the_reference_over_the_grid_of_arguments() =>
        Agree(Directory.GetFiles(Path.Combine(SharedData.RepositoryRoot, "tests/Models.Tests/Golden"), "losses.*.json"));

    private static void Agree(string[] files)
    {
        var cases = files.SelectMany(file => LossCase.In(file).Select(c => (File: Path.GetFileName(file), Case: c))).ToArray();
        Assert.True(files.Length >= 2 && cases.Length > 50, $"{cases.Length} cases in {files.Length} files");
        string[] differences = [.. cases.Select(c => Difference(c.Case) is { } difference ? $"{c.File}: {c.Case}: {difference}" : null).OfType<string>()];
        Assert.True(differences.Length == 0, string.Join('\n', differences));
    }

    /// <summary>Null when value and gradient agree to 1e-5, the measure being the value, and the gradient's length.</summary>
    private static string? Difference(LossCase golden)
    {
        using var scope = NewDisposeScope();
        var input = golden.Input().requires_grad_();
        var value = golden.Build().Forward(input, golden.Targets(), golden.Mode).sum();
        value.backward();
        var gradient = input.grad!.data<float>().ToArray();
        var found = (Value: (double)value.item<float>(), L2: Math.Sqrt(gradient.Sum(g => (double)g * g)), Probe: Probe(gradient));
        var (l2, probe) = golden.Gradient;
        return Near(found.Value, golden.Value, Math.Abs(golden.Value)) && Near(found.L2, l2, l2) && Near(found.Probe, probe, gradient.Sum(g => Math.Abs((double)g)))
            ? null
            : $"{found}, expected ({golden.Value}, {l2}, {probe})";
    }

    // A reference of exactly 0 leaves single precision's own error, here against sums of hundreds of elements.
    private static bool Near(double found, double expected, double scale) => Math.Abs(found - expected) <= (1e-5 * scale) + 1e-7;

    [Fact]
    public void A_class_absent_from_the_batch_counts_nothing_in_Dice()
    {
        using var scope = NewDisposeScope();
        var logits = zeros(1, 2, 2, 2);
        var targets = zeros(1, 2, 2, 2);
        targets[0, 0] = ones(2, 2);
        // Class 0: p = 1/2 on 4 pixels, all set: 1 - 2·2/(2 + 4) = 1/3. Class 1 is absent: 0. The mean over both: 1/6.
        Assert.Equal(1.0 / 6, new DiceLoss(new OverlapOptions()).Forward(logits, targets, LabelMode.Multilabel).item<float>(), 1e-6);
    }

    [Fact]
    public void Class_weights_weigh_pixels_as_PyTorch_does()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[] { 1, 2, 0, 3, -1, 0.5f }, [1, 3, 1, 2]);               // two pixels, three classes
        var targets = tensor(new float[] { 1, 0, 0, 0, 0, 1 }, [1, 3, 1, 2]);                  // classes 0 and 2
        // Pixel 0: log Σe^(1, 0, -1) - 1 = 0.4076059; pixel 1: log Σe^(2, 3, 0.5) - 0.5 = 2.8721057; (1 × 0.4076059 + 3 × …) / 4.
        var expected = ((1 * (LogSum(1, 0, -1) - 1)) + (3 * (LogSum(2, 3, 0.5) - 0.5))) / 4;
        var loss = new CrossEntropyLoss(new CrossEntropyOptions { ClassWeights = [1, 2, 3] });
        Assert.Equal(expected, loss.Forward(logits, targets, LabelMode.Multiclass).item<float>(), 1e-6);
    }

    [Fact]
    public void Cross_entropy_passes_over_pixels_without_a_class()
    {
        using var scope = NewDisposeScope();
        var logits = GoldenNumbers.Units("loss.logits", [1, 3, 2, 2]);
        var targets = zeros(1, 3, 2, 2);
        targets[0, 1, 0, 0] = tensor(1f);
        var values = logits.data<float>().ToArray();
        var expected = LogSum(values[0], values[4], values[8]) - values[4];
        Assert.Equal(expected, new CrossEntropyLoss(new CrossEntropyOptions()).Forward(logits, targets, LabelMode.Multiclass).item<float>(), 1e-6);
    }

    [Fact]
    public void A_class_to_ignore_is_as_good_as_no_class()
    {
        using var scope = NewDisposeScope();
        var logits = GoldenNumbers.Units("loss.logits", [2, Classes, 8, 12], 3);
        var targets = Planes();
        var without = targets.clone();
        without.narrow(1, 2, 1).zero_();
        foreach (var kind in new Func<int?, Loss>[]
        {
            v => new DiceLoss(new OverlapOptions { IgnoreIndex = v }), v => new FocalLoss(new FocalOptions { IgnoreIndex = v }),
            v => new LovaszLoss(new LovaszOptions { IgnoreIndex = v }), v => new CrossEntropyLoss(new CrossEntropyOptions { IgnoreIndex = v }),
        })
        {
            Assert.Equal(kind(null).Forward(logits, without, LabelMode.Multiclass).item<float>(), kind(2).Forward(logits, targets, LabelMode.Multiclass).item<float>());
        }
    }

    [Fact]
    public void MCC_takes_logits_unless_told_otherwise()
    {
        using var scope = NewDisposeScope();
        var (logits, targets) = (GoldenNumbers.Units("loss.logits", [2, 1, 8, 12], 3), GoldenNumbers.Bits("loss.mask", [2, 1, 8, 12]));
        var probabilities = new MccLoss(new MccOptions { FromLogits = false }).Forward(logits.sigmoid(), targets, LabelMode.Multilabel);
        Assert.Equal(probabilities.item<float>(), new MccLoss(new MccOptions()).Forward(logits, targets, LabelMode.Multilabel).item<float>());
    }

    [Theory]
    [InlineData(LabelMode.Multilabel)]
    [InlineData(LabelMode.Multiclass)]
    public void A_loss_leaves_its_result_alone_in_the_scope_and_its_arguments_alive(LabelMode mode)
    {
        using var outer = NewDisposeScope();
        var logits = GoldenNumbers.Units("loss.logits", [2, Classes, 8, 12], 3).requires_grad_();
        var targets = Planes();
        Loss[] losses =
        [
            new BceLoss(new BceOptions { SmoothFactor = 0.1, PosWeight = [2] }), new DiceLoss(new OverlapOptions { Classes = [1] }),
            new FocalLoss(new FocalOptions { Alpha = 0.25 }), new LovaszLoss(new LovaszOptions { PerImage = true }), new TverskyLoss(new TverskyOptions { Gamma = 2, ClassWeights = [1, 2, 3, 4], IgnoreIndex = 0 }),
            new FocalLoss(new FocalOptions { Normalized = true, ReducedThreshold = 0.5, ClassWeights = [1, 2, 3, 4], FromLogits = true }),
        ];
        foreach (var loss in losses)
        {
            using var scope = NewDisposeScope();
            loss.Forward(logits, targets, mode).backward();
            Assert.Equal(1, scope.DisposablesCount);
            Assert.Equal([2, Classes, 8, 12], targets.shape);
        }
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ConfigurationException>(() => new BceLoss(new BceOptions { SmoothFactor = 0.7 }));
        Assert.Throws<ConfigurationException>(() => new BceLoss(new BceOptions { PosWeight = [-1] }));
        Assert.Throws<ConfigurationException>(() => new DiceLoss(new OverlapOptions { Smooth = -1 }));
        Assert.Throws<ConfigurationException>(() => new FocalLoss(new FocalOptions { Alpha = 2 }));
        Assert.Throws<ConfigurationException>(() => new TverskyLoss(new TverskyOptions { Gamma = 0 }));
        Assert.Throws<ConfigurationException>(() => new FocalLoss(new FocalOptions { ReducedThreshold = 0 }));
        Assert.Throws<ConfigurationException>(() => new FocalLoss(new FocalOptions { ClassWeights = [1, 2], Reduction = LossReduction.None }));
        Assert.Throws<ConfigurationException>(() => new DiceLoss(new OverlapOptions { ClassWeights = [-1] }));
        Assert.Throws<ConfigurationException>(() => new MccLoss(new MccOptions { Eps = 0 }));
        Assert.Throws<ConfigurationException>(() => new SoftCrossEntropyLoss(new SoftCrossEntropyOptions { Dim = 2 }));
        using var scope = NewDisposeScope();
        var (logits, targets) = (zeros(1, 3, 2, 2), zeros(1, 3, 2, 2));
        Assert.Contains("mode: multiclass", Assert.Throws<ConfigurationException>(() => new CrossEntropyLoss(new CrossEntropyOptions()).Forward(logits, targets, LabelMode.Multilabel)).Message, StringComparison.Ordinal);
        Assert.Contains("mode: multilabel", Assert.Throws<ConfigurationException>(() => new MccLoss(new MccOptions()).Forward(logits, targets, LabelMode.Multiclass)).Message, StringComparison.Ordinal);
        Assert.Contains("3 classes", Assert.Throws<ConfigurationException>(() => new DiceLoss(new OverlapOptions { ClassWeights = [1, 2] }).Forward(logits, targets, LabelMode.Multilabel)).Message, StringComparison.Ordinal);
        Assert.Contains("3 classes", Assert.Throws<ConfigurationException>(() => new BceLoss(new BceOptions { PosWeight = [1, 2] }).Forward(logits, targets, LabelMode.Multilabel)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_class_that_the_experiment_does_not_have()
    {
        using var scope = NewDisposeScope();
        var loss = new DiceLoss(new OverlapOptions { Classes = [1, 2] });
        Assert.Contains("0 to 1", Assert.Throws<ConfigurationException>(() => loss.Forward(zeros([1, 2, 4, 4]), zeros([1, 2, 4, 4]), LabelMode.Multilabel)).Message, StringComparison.Ordinal);
    }

    private static double LogSum(params double[] values) => Math.Log(values.Sum(Math.Exp));

    private static Tensor Planes() => functional.one_hot(tensor(GoldenNumbers.Labels("loss.labels", 2 * 8 * 12, Classes)).reshape(2, 8, 12), Classes)
        .permute(0, 3, 1, 2).to(ScalarType.Float32).contiguous();

    private static double Probe(float[] values)
    {
        var (seed, sum) = (GoldenNumbers.Seed("probe"), 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            sum += (double)values[i] * GoldenNumbers.Unit(i, seed);
        }

        return sum;
    }
}
