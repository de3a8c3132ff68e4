namespace Osteon.Runner.Tests;

/// <summary>Each wrong experiment is one fault, with its place and with what to do.</summary>
public sealed class WrongExperimentTests : IDisposable
{
    private readonly ExperimentFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    // Unknown keys, with the nearest one and the allowed.
    [InlineData("trian: {epochs: 3}", 2, 1, "trian is unknown; nearest is 'train'. Allowed: augment, check, convert, cost,")]
    [InlineData("train:\n  optimzer: SGD", 3, 3, "train.optimzer is unknown; nearest is 'optimizer'. Allowed: accumulate_grad_batches, augment, augment_compat, batch_size,")]
    [InlineData("train:\n  BatchSize: 3", 3, 3, "train.BatchSize is unknown; nearest is 'batch_size'.")]
    [InlineData("train:\n  batch-size: 3", 3, 3, "train.batch-size is unknown; nearest is 'batch_size'.")]
    [InlineData("train:\n  xylophone: 3", 3, 3, "train.xylophone is unknown. Allowed: accumulate_grad_batches, augment,")]
    [InlineData("models:\n  unet-r18: {encodre: resnet50}", 3, 14, "models.unet-r18.encodre is unknown; nearest is 'encoder'. Allowed: architecture, encoder, encoder_weights, normalize, size, weights.")]
    [InlineData("data: {source: {rot: x}}", 2, 17, "data.source.rot is unknown; nearest is 'root'.")]
    [InlineData("name: other", 2, 1, "name is given by the file's name. Remove this line")]
    // Wrong types.
    [InlineData("train: {epochs: ten}", 2, 17, "train.epochs is ten; expected a whole number, at most 2147483647. The default is 30.")]
    [InlineData("train: {epochs: 1.5}", 2, 17, "train.epochs is 1.5; expected a whole number")]
    [InlineData("train: {epochs: 3000000000}", 2, 17, "train.epochs is 3000000000; expected a whole number, at most 2147483647.")]
    [InlineData("train: {epochs: '5'}", 2, 17, "train.epochs is '5'; expected a whole number, at most 2147483647. Remove the quotes.")]
    [InlineData("train: {epochs: [5]}", 2, 17, "train.epochs is a list; expected a whole number")]
    [InlineData("train:\n  epochs:", 3, 10, "train.epochs is empty; expected a whole number, at most 2147483647. Remove the key to take the default.")]
    [InlineData("infer: {threshold: '0.5'}", 2, 20, "infer.threshold is '0.5'; expected a number. Remove the quotes.")]
    [InlineData("infer:\n  threshold: 0,5", 3, 14, "infer.threshold is 0,5; expected a number. Write a decimal point.")]
    [InlineData("infer: {threshold: .nan}", 2, 20, "infer.threshold is .nan; expected a number.")]
    [InlineData("train: {gradient_clip_val: .inf}", 2, 28, "train.gradient_clip_val is .inf; expected a number.")]
    [InlineData("train: {gradient_clip_val: 1e999}", 2, 28, "train.gradient_clip_val is 1e999; expected a number.")]
    [InlineData("seed: {a: 1}", 2, 7, "seed is a mapping; expected a whole number")]
    [InlineData("seed: 99999999999999999999", 2, 7, "seed is 99999999999999999999; expected a whole number")]
    [InlineData("train: [epochs]", 2, 8, "train is a list; expected a mapping with some of: accumulate_grad_batches, augment, augment_compat, batch_size,")]
    [InlineData("train:", 2, 7, "train is empty; expected a mapping with some of: accumulate_grad_batches, augment, augment_compat, batch_size,")]
    [InlineData("data: {mode: multilable}", 2, 14, "data.mode is 'multilable'; nearest is 'multilabel'. Allowed: multilabel, multiclass.")]
    [InlineData("data: {mode: Multilabel}", 2, 14, "data.mode is 'Multilabel'; nearest is 'multilabel'.")]
    [InlineData("ensemble: {on_missing: skip}", 2, 24, "ensemble.on_missing is 'skip'. Allowed: error, empty.")]
    [InlineData("data: {classes: ulna}", 2, 17, "data.classes is ulna; expected a list of texts, as in [first, second].")]
    [InlineData("data: {classes: [ulna, [radius]]}", 2, 24, "data.classes[1] is a list; expected text.")]
    [InlineData("models: [unet]", 2, 9, "models is a list; expected a mapping of names.")]
    // Choices.
    [InlineData("train: {loss: BCE}", 2, 15, "train.loss is BCE; expected a list, as in [Name, Other: {option: value}].")]
    [InlineData("train:\n  loss:\n    - BCE:\n      weight: 0.5", 5, 7, "train.loss[0] names 2 things (BCE, weight) where one is chosen. Keep one; its options are indented under its name: 'BCE: {weight: …}'.")]
    [InlineData("train:\n  optimizer:\n    AdamW: {lr: 1e-3}\n    SGD: {lr: 0.1}", 5, 5, "train.optimizer names 2 things (AdamW, SGD)")]
    [InlineData("train: {optimizer: {AdamW: [1e-3]}}", 2, 28, "train.optimizer.AdamW is a list; expected options, as in 'AdamW: {option: value}'")]
    [InlineData("train: {optimizer: [AdamW]}", 2, 20, "train.optimizer is a list; expected a name, or 'Name: {option: value}'.")]
    [InlineData("train: {optimizer: {}}", 2, 20, "train.optimizer is a mapping; expected a name, or 'Name: {option: value}'.")]
    [InlineData("train: {loss: [BCE: heavy]}", 2, 21, "train.loss[0].BCE is heavy; expected options")]
    [InlineData("train: {loss: [BCE: 0]}", 2, 21, "train.loss[0].BCE has the weight 0; expected a number above 0.")]
    [InlineData("train: {loss: [BCE: {weight: -1}]}", 2, 16, "train.loss[0].BCE has the weight -1; expected a number above 0.")]
    [InlineData("train: {loss: [BCE: {weight: much}]}", 2, 16, "train.loss[0].BCE has the weight \"much\"; expected a number above 0.")]
    [InlineData("train: {loss: []}", 2, 9, "train.loss is empty; expected at least one, as in [BCE: 0.5, Dice: 0.5].")]
    // Ranges.
    [InlineData("report: {metrics: [dice, hd59]}", 2, 26, "report.metrics[1] is 'hd59'; nearest is 'hd95'. Allowed: accuracy, average_surface_distance,")]
    [InlineData("report: {metrics: [dice, iou, dice]}", 2, 31, "report.metrics[2] repeats 'dice'. Remove one.")]
    [InlineData("report: {spacing: [0.1, 0]}", 2, 10, "report.spacing is [0.1, 0]; expected two numbers above 0")]
    [InlineData("report: {tolerance: -1}", 2, 21, "report.tolerance is -1; expected a distance of at least 0.")]
    [InlineData("train: {epochs: 0}", 2, 17, "train.epochs is 0; expected a whole number from 1 to")]
    [InlineData("train: {batch_size: -4}", 2, 21, "train.batch_size is -4; expected a whole number from 1 to")]
    [InlineData("train: {crop: -1}", 2, 15, "train.crop is -1; expected a whole number from 0 to")]
    [InlineData("convert: {size: 256}\ntrain: {crop: 512}", 3, 15, "train.crop is 512, but stored images have at most 256 pixels a side (convert.size).")]
    [InlineData("convert: {size: 4}", 2, 17, "convert.size is 4; expected 0 (keep the original) or 8 to 16384 pixels.")]
    [InlineData("convert: {spacing: [0.1, 0]}", 2, 11, "convert.spacing is [0.1, 0]; expected two numbers above 0")]
    [InlineData("convert: {size: 64, spacing: [0.2, 0.2]}", 2, 21, "convert.spacing and convert.size are both given. Keep one.")]
    [InlineData("train: {repeat: 0}", 2, 17, "train.repeat is 0; expected a whole number from 1 to")]
    [InlineData("train: {in_channels: 0}", 2, 22, "train.in_channels is 0; expected a whole number from 1 to 64.")]
    [InlineData("train: {threads: 0}", 2, 18, "train.threads is 0; expected a whole number from 1 to 1024.")]
    [InlineData("train: {loader_threads: 0}", 2, 25, "train.loader_threads is 0; expected a whole number from 1 to 1024.")]
    [InlineData("train: {gradient_clip_val: -0.5}", 2, 28, "train.gradient_clip_val is -0.5; expected 0 (no clipping) or the largest norm.")]
    [InlineData("train: {gradient_clip_algorithm: norms}", 2, 34, "train.gradient_clip_algorithm is 'norms'; nearest is 'norm'. Allowed: norm, value.")]
    [InlineData("train: {accumulate_grad_batches: 0}", 2, 34, "train.accumulate_grad_batches is 0; expected a whole number from 1 to 65536.")]
    [InlineData("train: {ema: {decay: 1}}", 2, 22, "train.ema.decay is 1; expected a number in [0, 1).")]
    [InlineData("train: {ema: {decay: 0.9, min_decay: 0.95}}", 2, 38, "train.ema.min_decay is 0.95, above decay 0.9.")]
    [InlineData("train: {ema: {dekay: 0.9}}", 2, 15, "train.ema.dekay is unknown; nearest is 'decay'. Allowed: decay, exclude_buffers, for_inference, min_decay, update_after_step, use_warmup, warmup_gamma, warmup_power.")]
    [InlineData("train: {early_stopping: {patience: 0}}", 2, 36, "train.early_stopping.patience is 0; expected a whole number of at least 1.")]
    [InlineData("train: {early_stopping: {mode: most}}", 2, 32, "train.early_stopping.mode is 'most'. Allowed: min, max.")]
    [InlineData("train: {best: {metrik: dice}}", 2, 16, "train.best.metrik is unknown; nearest is 'metric'. Allowed: metric, mode.")]
    [InlineData("train: {metrics: [hd59]}", 2, 19, "train.metrics[0] is 'hd59'; nearest is 'hd95'. Allowed: accuracy,")]
    [InlineData("train: {metrics: [hd95, hd95]}", 2, 25, "train.metrics[1] repeats 'hd95'. Remove one.")]
    [InlineData("train: {progressive: [{epochs: 5}]}", 2, 23, "train.progressive[0].size is missing, and has no default; expected a whole number")]
    [InlineData("train: {progressive: [{epochs: 5, size: 4}]}", 2, 41, "train.progressive[0].size is 4; expected a whole number from 8 to 16384.")]
    [InlineData("train: {epochs: 9, progressive: [{epochs: 5, size: 64}, {epochs: 5, size: 96}]}", 2, 20, "train.progressive has 10 epochs, the training 9. Take some away, or raise train.epochs.")]
    [InlineData("train: {guards: {divergence_steps: 0}}", 2, 36, "train.guards.divergence_steps is 0; expected a whole number of at least 1.")]
    [InlineData("train: {loss: [Dice: {weight: {0: 1}}]}", 2, 16, "train.loss[0].Dice has the weight {\"0\":1}; expected weights of at least 0 by epoch, from 1, as in {10: 0, 20: 1}.")]
    [InlineData("train: {epochs: 9, loss: [Dice: {weight: {4: 1, 5: 0, 6: 1}}]}", 2, 20, "train.loss counts nothing in epoch 5: all weights are 0 there. Give one a weight.")]
    [InlineData("split: {folds: 0}", 2, 16, "split.folds is 0; expected a whole number from 1 to 1000.")]
    [InlineData("split: {test_fraction: 1}", 2, 24, "split.test_fraction is 1; expected a share in [0, 1), as in 0.2.")]
    [InlineData("infer: {threshold: 1.0}", 2, 20, "infer.threshold is 1; expected a probability in (0, 1), as in 0.5.")]
    [InlineData("train: {precision: half}", 2, 20, "train.precision is 'half'. Allowed: fp32, bf16, fp16.")]
    [InlineData("train: {precision: bf61}", 2, 20, "train.precision is 'bf61'; nearest is 'bf16'. Allowed: fp32, bf16, fp16.")]
    [InlineData("infer: {precision: fp16}", 2, 20, "infer.precision is fp16; expected fp32 or bf16")]
    [InlineData("ensemble: {min_votes: 6}", 2, 23, "ensemble.min_votes is 6; expected 0 (more than half) to 5, the number of members (1 models × 5 folds).")]
    [InlineData("ensemble: {min_votes: -1}", 2, 23, "ensemble.min_votes is -1; expected 0")]
    [InlineData("report: {worst_cases: -1}", 2, 23, "report.worst_cases is -1; expected a whole number from 0 to 1000.")]
    [InlineData("data: {classes: [ulna, radius, ulna]}", 2, 32, "data.classes[2] repeats 'ulna', which is already class 0; classes are unique.")]
    [InlineData("data: {classes: [' ']}", 2, 18, "data.classes[0] must be a visible name of at most 64 characters.")]
    [InlineData("data: {mode: multiclass, classes: [ulna]}", 2, 26, "data.classes has one class; multiclass needs two or more")]
    [InlineData("data: {source: {root: ''}}", 2, 23, "data.source.root is empty; expected the folder that holds the data set")]
    [InlineData("models: {unet-r18: null}", 2, 1, "models is empty; expected at least one network")]
    [InlineData("models: {../evil: {encoder: resnet18}}", 2, 10, "models.../evil is no good name: it becomes a folder's.")]
    [InlineData("models: {UNET-r18: {encoder: resnet18}}", 2, 10, "models.UNET-r18 differs from 'unet-r18' by letter case only")]
    [InlineData("models: {unet-r18: {weights: start.pkl}}", 2, 30, "models.unet-r18.weights is 'start.pkl'; expected the name of a published set, e.g. imagenet, or a file that ends in .safetensors, .pth, .pt, .bin.")]
    [InlineData("models: {unet-r18: {encoder_weights: resnet18.pkl}}", 2, 38, "models.unet-r18.encoder_weights is 'resnet18.pkl'; expected the name of a published set, e.g. imagenet, or a file that ends in .safetensors, .pth, .pt, .bin.")]
    [InlineData("models: {unet-r81: null}", 2, 10, "models.unet-r81 removes nothing: no preset brings 'unet-r81'; nearest is 'unet-r18'.")]
    // What is not even an experiment.
    [InlineData("train: {epochs: 1}\ntrain: {crop: 8}", 3, 1, "key 'train' appears twice; first in experiments/e.yaml(2,1). Keep one of them.")]
    [InlineData("train: {epochs: 1", 3, 1, "not readable as YAML:")]
    [InlineData("train:\n\tepochs: 1", 3, 1, "not readable as YAML: indented by a tab. Indent by spaces,")]
    [InlineData("train:\n  \0: 1", 3, 3, "not readable as YAML: holds the control character U+0000. Remove it; in double quotes it is written \\x00.")]
    [InlineData("seed: \u001b[31m", 2, 7, "not readable as YAML: holds the control character U+001B.")]
    [InlineData("\"\\e[31m\": 1", 2, 1, "\uFFFD[31m is unknown.")]
    [InlineData("seed: !!int 5", 2, 7, "tag tag:yaml.org,2002:int has no meaning in an experiment. Remove it")]
    [InlineData("seed: *s", 2, 7, "not readable as YAML: alias *s has no anchor &s above it.")]
    [InlineData("? [a, b]\n: 1", 2, 3, "not readable as YAML: a key must be text.")]
    [InlineData("seed: 1\n---\nseed: 2", 3, 1, "not readable as YAML: a second document begins here")]
    [InlineData("train:\n  <<: 5", 3, 7, "'<<' merges mappings, but here is 5. Write '<<: *anchor'.")]
    public void Says_where_and_what_to_do(string text, int line, int column, string what)
    {
        var fault = Assert.Single(_folder.FaultsOf(text));
        Assert.StartsWith($"experiments/e.yaml({line},{column}): {what}", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere.yaml", "extends names 'nowhere.yaml', but there is no experiments/nowhere.yaml. Paths are relative to this file.")]
    [InlineData("bse.yaml", "extends names 'bse.yaml', but there is no experiments/bse.yaml; nearest is 'base.yaml'.")]
    [InlineData("../../outside.yaml", "extends leaves the experiments folder: '../../outside.yaml'.")]
    [InlineData("/etc/passwd", "extends leaves the experiments folder: '/etc/passwd'.")]
    [InlineData("[[base.yaml]]", "extends is a list; expected a file or a list of files")]
    [InlineData("e.yaml", "extends goes in a circle: experiments/e.yaml -> experiments/e.yaml.")]
    [InlineData("circle.yaml", "extends goes in a circle: experiments/e.yaml -> experiments/circle.yaml -> experiments/e.yaml.")]
    public void Refuses_a_preset_that_cannot_be_read(string extends, string what)
    {
        _folder.Write("circle.yaml", "extends: e.yaml");
        _folder.Write("e.yaml", $"extends: {extends}\ndata: {{source: {{root: x}}}}\nmodels: {{a: {{encoder: r}}}}\n");
        var fault = Assert.Single(Assert.ThrowsAny<Osteon.Abstractions.ConfigurationException>(() => _folder.Load()).Faults);
        Assert.Contains(what, fault, StringComparison.Ordinal);
        Assert.Matches(@"^experiments/(e|circle)\.yaml\(1,1\d?\): ", fault);
    }

    [Theory]
    [InlineData("train.epocs=5", "--set train.epocs=5: train.epocs is unknown; nearest is 'epochs'.")]
    [InlineData("train.epochs=many", "--set train.epochs=many: train.epochs is many; expected a whole number")]
    [InlineData("train.epochs=0", "--set train.epochs=0: train.epochs is 0; expected a whole number from 1")]
    [InlineData("train.epochs", "--set train.epochs: expected a.b.c=value, as in --set train.epochs=5")]
    [InlineData("train.epochs=", "--set train.epochs=: expected a.b.c=value")]
    [InlineData("=5", "--set =5: expected a.b.c=value")]
    [InlineData("train.loss=[BCE", "--set train.loss=[BCE: not readable as YAML:")]
    [InlineData("models.unet-r18.encodr=resnet50", "--set models.unet-r18.encodr=resnet50: models.unet-r18.encodr is unknown; nearest is 'encoder'.")]
    [InlineData("models.a.encoder.width=5", "--set models.a.encoder.width=5: models.a.encoder chooses nothing yet, so 'width' belongs to nothing. Write --set models.a.encoder.NAME.width=….")]
    public void Names_the_option_that_set_a_wrong_value(string set, string what) =>
        Assert.StartsWith(what, Assert.Single(_folder.FaultsOf(string.Empty, set)), StringComparison.Ordinal);

    [Fact]
    public void Tells_all_faults_at_once_in_the_order_of_the_file()
    {
        var faults = _folder.FaultsOf("train:\n  epochs: 0\n  crop: wide\n  lr: 1\nsplit: {folds: 0}\n", "report.worst_cases=-2");
        Assert.Equal(
            ["experiments/e.yaml(3,11)", "experiments/e.yaml(4,9)", "experiments/e.yaml(5,3)", "experiments/e.yaml(6,16)", "--set report.worst_cases=-2"],
            faults.Select(f => f[..f.IndexOf(':', StringComparison.Ordinal)]).OrderBy(f => f.StartsWith("--", StringComparison.Ordinal)));
    }

    [Fact]
    public void Blames_the_preset_where_the_preset_is_wrong()
    {
        _folder.Write("presets/deep.yaml", "train:\n  epochs: 0\n");
        _folder.Write("e.yaml", "extends: [base.yaml, presets/deep.yaml]\ntrain: {batch_size: 2}\n");
        var fault = Assert.Single(Assert.ThrowsAny<Osteon.Abstractions.ConfigurationException>(() => _folder.Load()).Faults);
        Assert.StartsWith("experiments/presets/deep.yaml(2,11): train.epochs is 0", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bas", "--experiment=bas is unknown; nearest is 'base'. experiments/ has: base.")]
    [InlineData("quickstart", "--experiment=quickstart is unknown. experiments/ has: base.")]
    [InlineData("other/base.yaml", "--experiment=other/base.yaml: there is no such file.")]
    public void Lists_experiments_when_one_is_unknown(string name, string what) =>
        Assert.StartsWith(what, Assert.ThrowsAny<Osteon.Abstractions.ConfigurationException>(() => _folder.Load(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void Stops_aliases_that_multiply()
    {
        var bomb = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
            + string.Concat(Enumerable.Range('b', 20).Select(c => $"{(char)c}: &{(char)c} [{string.Join(", ", Enumerable.Repeat($"*{(char)(c - 1)}", 9))}]\n"));
        Assert.Contains("counting each use of an alias", Assert.Single(_folder.FaultsOf(bomb)), StringComparison.Ordinal);
    }

    [Fact]
    public void Stops_nesting_that_would_overflow_the_stack() =>
        Assert.Contains("nested deeper than 32 levels", Assert.Single(_folder.FaultsOf("seed: " + new string('[', 100_000))), StringComparison.Ordinal);

    [Fact]
    public void Refuses_a_file_that_is_far_too_large() =>
        Assert.Contains("an experiment has at most", Assert.Single(_folder.FaultsOf("# " + new string('x', 1 << 20))), StringComparison.Ordinal);

    [Fact]
    public void Refuses_a_file_that_is_not_utf8()
    {
        File.WriteAllBytes(Path.Combine(_folder.Root, "experiments", "e.yaml"), [0x73, 0xFF, 0xFE, 0x00]);
        var e = Assert.ThrowsAny<Osteon.Abstractions.ConfigurationException>(() => _folder.Load());
        Assert.Equal("experiments/e.yaml: is not UTF-8 text. Save it as UTF-8.", e.Message);
    }

    [Fact]
    public void Survives_any_damage_with_a_message()
    {
        const string Signs = "{}[]:,&*#'\"|>-? \n\t!%@`\0~<x1";
        const string Good = "extends: base.yaml\ntrain: {epochs: 5, loss: [BCE: 0.5, Dice: {weight: 1}]}\nmodels:\n  b: &b {architecture: Unet}\n  c: *b\n";
        var random = Osteon.Abstractions.RandomStream.For(7, "damage");
        for (var i = 0; i < 500; i++)
        {
            var text = Good.ToCharArray();
            for (var k = 0; k <= i % 4; k++)
            {
                text[random.NextInt(text.Length)] = Signs[random.NextInt(Signs.Length)];
            }

            _folder.Write("e.yaml", new string(text));
            try
            {
                _folder.Load();
            }
            catch (Osteon.Abstractions.ConfigurationException e)
            {
                Assert.NotEmpty(e.Faults);
            }
        }
    }
}
