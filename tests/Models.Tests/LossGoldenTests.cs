using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Plugins.Losses.Segmentation;
using Osteon.Testing;
using static TorchSharp.torch;

namespace Osteon.Models.Tests;

/// <summary>Losses beside segmentation_models.pytorch 0.5.0: values and gradients.</summary>
public sealed class LossGoldenTests
{
    private const int Classes = 4;

    private static JsonArray Cases => JsonNode.Parse(File.ReadAllText(SharedData.Path("golden/losses/losses.v0.5.0.json")))!["cases"]!.AsArray();

    [Theory]
    [InlineData("DiceLoss", 8)]
    [InlineData("JaccardLoss", 7)]
    [InlineData("TverskyLoss", 11)]
    [InlineData("FocalLoss", 6)]
    [InlineData("LovaszLoss", 6)]
    [InlineData("SoftBCEWithLogitsLoss", 3)]
    [InlineData("SoftCrossEntropyLoss", 2)]
    public void Agrees_with_the_reference_in_value_and_gradient(string loss, int cases)
    {
        var compared = 0;
        foreach (var golden in Cases.Where(c => (string)c!["loss"]! == loss))
        {
            using var scope = NewDisposeScope();
            var mode = (string)golden!["mode"]!;
            var logits = GoldenNumbers.Units("loss.logits", mode == "binary" ? [2, 1, 8, 12] : [2, Classes, 8, 12], 3).requires_grad_();
            var value = Build(loss, golden["args"]!.AsObject()).Forward(logits, Targets(mode, golden.AsObject()), mode == "multiclass" ? LabelMode.Multiclass : LabelMode.Multilabel);
            value.backward();
            var expected = golden["value_f64"] ?? golden["value"];
            var gradient = logits.grad!.data<float>().ToArray();
            Assert.Equal((double)expected!, value.item<float>(), 1e-5 * Math.Abs((double)expected!));
            Assert.Equal((double)golden["grad"]!["l2"]!, Math.Sqrt(gradient.Sum(g => (double)g * g)), 1e-5 * (double)golden["grad"]!["l2"]!);
            Assert.Equal((double)golden["grad"]!["probe"]!, Probe(gradient), 1e-5 * gradient.Sum(g => Math.Abs((double)g)));
            compared++;
        }

        Assert.Equal(cases, compared);
    }

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

    [Theory]
    [InlineData(LabelMode.Multilabel)]
    [InlineData(LabelMode.Multiclass)]
    public void A_loss_leaves_its_result_alone_in_the_scope_and_its_arguments_alive(LabelMode mode)
    {
        using var outer = NewDisposeScope();
        var logits = GoldenNumbers.Units("loss.logits", [2, Classes, 8, 12], 3).requires_grad_();
        var targets = Targets("multiclass", []);
        Loss[] losses =
        [
            new BceLoss(new BceOptions { SmoothFactor = 0.1, PosWeight = [2] }), new DiceLoss(new OverlapOptions { Classes = [1] }),
            new FocalLoss(new FocalOptions { Alpha = 0.25 }), new LovaszLoss(new LovaszOptions { PerImage = true }), new TverskyLoss(new TverskyOptions { Gamma = 2 }),
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
        using var scope = NewDisposeScope();
        var (logits, targets) = (zeros(1, 3, 2, 2), zeros(1, 3, 2, 2));
        Assert.Contains("mode: multiclass", Assert.Throws<ConfigurationException>(() => new CrossEntropyLoss(new CrossEntropyOptions()).Forward(logits, targets, LabelMode.Multilabel)).Message, StringComparison.Ordinal);
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

    private static Tensor Targets(string mode, JsonObject golden)
    {
        if (mode != "multiclass")
        {
            return GoldenNumbers.Bits("loss.mask", mode == "binary" ? [2, 1, 8, 12] : [2, Classes, 8, 12]);
        }

        var labels = GoldenNumbers.Labels("loss.labels", 2 * 8 * 12, Classes);
        var seed = GoldenNumbers.Seed("loss.ignore");               // an ignored pixel is one without a class
        var targets = new float[labels.Length * Classes];
        for (var i = 0; i < labels.Length; i++)
        {
            var ignored = golden["target_ignore_value"] is not null && (GoldenNumbers.Hash(i, seed) & 7) == 0;
            targets[(((i / 96 * Classes) + labels[i]) * 96) + (i % 96)] = ignored ? 0 : 1;
        }

        return tensor(targets, [2, Classes, 8, 12]);
    }

    private static Loss Build(string loss, JsonObject args)
    {
        var classes = args["classes"]?.AsArray().Select(c => (int)c!).ToArray() ?? [];
        var (smooth, logLoss, factor) = ((double?)args["smooth"] ?? 0, (bool?)args["log_loss"] ?? false, (double?)args["smooth_factor"] ?? 0);
        return loss switch
        {
            "DiceLoss" => new DiceLoss(new OverlapOptions { Smooth = smooth, LogLoss = logLoss, Classes = classes }),
            "JaccardLoss" => new JaccardLoss(new OverlapOptions { Smooth = smooth, LogLoss = logLoss, Classes = classes }),
            "TverskyLoss" => new TverskyLoss(new TverskyOptions
            {
                Smooth = smooth, LogLoss = logLoss, Classes = classes,
                Alpha = (double?)args["alpha"] ?? 0.5, Beta = (double?)args["beta"] ?? 0.5, Gamma = (double?)args["gamma"] ?? 1,
            }),
            "FocalLoss" => new FocalLoss(new FocalOptions { Alpha = (double?)args["alpha"], Gamma = (double?)args["gamma"] ?? 2 }),
            "SoftBCEWithLogitsLoss" => new BceLoss(new BceOptions
            {
                SmoothFactor = factor, PosWeight = args["pos_weight"]?.AsArray().Select(w => (double)w!).ToArray() ?? [],
            }),
            "LovaszLoss" => new LovaszLoss(new LovaszOptions { PerImage = (bool?)args["per_image"] ?? false }),
            _ => new CrossEntropyLoss(new CrossEntropyOptions { SmoothFactor = factor }),
        };
    }

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
