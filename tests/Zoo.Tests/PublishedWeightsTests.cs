using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Models;
using Osteon.Runner;
using Osteon.Runner.Plugins;
using Osteon.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Zoo.Tests;

/// <summary>Published weights: the tables beside the plugins, and files in their publishers' layouts.</summary>
public sealed class PublishedWeightsTests : IDisposable
{
    private static readonly WeightCatalog s_catalog = WeightCatalog.Load([Path.Combine(AppContext.BaseDirectory, "plugins")]);
    private static readonly Dictionary<string, string[]> s_layouts = Layouts();
    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-published-").FullName;

    public static IEnumerable<TheoryDataRow<string>> Names() => s_layouts.Keys.Select(name => new TheoryDataRow<string>(name));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_table_is_right_and_is_of_encoders_that_are_there()
    {
        var encoders = Zoo.Plugins.Names(PluginKind.Of<Encoder>()).ToHashSet();
        Assert.All(s_catalog.All, set => Assert.Contains(set.Encoder, encoders.Concat(Zoo.Plugins.Names(PluginKind.Of<Architecture>()))));
        Assert.True(encoders.Count(name => s_catalog.Of(name).Count > 0) > 600);
        Assert.All(encoders, name => Assert.All(s_catalog.Of(name).SelectMany(set => set.Names), set => Assert.NotNull(s_catalog.Find(name, set))));
    }

    // SMP's and timm's own tables say so; torchvision's file names hold the digest.
    [Theory]
    [InlineData("resnet50", "imagenet", "smp-hub/resnet50.imagenet", 0.485, 0.229)]
    [InlineData("resnet50", "IMAGENET1K_V2", "torchvision", 0.485, 0.229)]
    [InlineData("xception", "imagenet", "smp-hub/xception.imagenet", 0.5, 0.5)]
    [InlineData("efficientnet-b3", "advprop", "smp-hub/efficientnet-b3.advprop", 0.5, 0.5)]
    [InlineData("dpn92", "imagenet+5k", "smp-hub/dpn92.imagenet-5k", 124 / 255.0, 1 / (0.0167 * 255))]
    [InlineData("mit_b3", "imagenet", "smp-hub/mit_b3.imagenet", 0.485, 0.229)]
    [InlineData("tu-resnet50", "a1_in1k", "timm/resnet50.a1_in1k", 0.485, 0.229)]
    [InlineData("tu-vit_tiny_patch16_224", "imagenet", "timm/vit_tiny_patch16_224.augreg_in21k_ft_in1k", 0.5, 0.5)]
    [InlineData("tu-vit_base_patch32_clip_224", "laion2b_ft_in1k", "timm/vit_base_patch32_clip_224.laion2b_ft_in1k", 0.48145466, 0.26862954)]
    [InlineData("timm-mobilenetv3_large_100", "imagenet", "timm/tf_mobilenetv3_large_100.in1k", 0.5, 0.5)]
    public void A_set_is_its_publishers(string encoder, string weights, string id, double mean, double std)
    {
        var set = s_catalog.Find(encoder, weights);
        Assert.Equal(id, set.Id);
        Assert.Equal(mean, set.Normalize.Mean[0], tolerance: 1e-6);
        Assert.Equal(std, set.Normalize.Std[0], tolerance: 1e-6);
        Assert.Equal("11ad3fa6", s_catalog.Find("resnet50", "IMAGENET1K_V2").Sha256);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_in_timms_published_layout_fills_every_part_of_a_grey_encoder(string name)
    {
        using var scope = NewDisposeScope();
        var file = Path.Combine(_folder, "model.safetensors");
        var written = s_layouts[name].Select(line => line.Split(' ')).Select((part, i) => (Key: part[0], Value: full(Shape(part[1]), 1f + i))).ToDictionary(t => t.Key, t => t.Value);
        SafeTensors.Write(file, written);
        using var encoder = Zoo.Encoder($"tu-{name}", null, new EncoderOptions { InChannels = 1, Depth = name.Contains("vit", StringComparison.Ordinal) || name.StartsWith("deit", StringComparison.Ordinal) || name.StartsWith("nest", StringComparison.Ordinal) ? 4 : 5 });
        PretrainedWeights.Load(encoder, file);
        var values = written.Values.Select(value => value.reshape(-1)[0].item<float>()).ToHashSet();
        foreach (var (key, value) in encoder.state_dict())
        {
            var (first, image) = (value.reshape(-1)[0].to(ScalarType.Float32).item<float>(), value.ndim == 4 && value.shape[1] == 1 && values.Contains(value.reshape(-1)[0].item<float>() / 3));
            Assert.True(values.Contains(first) || image, $"{key} starts with {first}");
        }

        if (name.StartsWith("swin_", StringComparison.Ordinal))
        {
            Assert.Equal(written["layers.0.downsample.reduction.weight"][0, 0].item<float>(), encoder.state_dict()["model.layers_1.downsample.reduction.weight"][0, 0].item<float>());
        }
    }

    [Fact]
    public void Checkpoints_that_torchvision_writes_give_its_maps_in_colour_and_in_grey()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var expected = JsonNode.Parse(PythonPeer.Run("tests/Zoo.Tests/Golden/write_published.py", _folder))!.AsObject();
        var grey = (arange(64 * 64, ScalarType.Float32).reshape(1, 1, 64, 64) / 2048) - 1;
        foreach (var (name, golden) in expected)
        {
            foreach (var channels in new[] { 3, 1 })
            {
                using var encoder = Zoo.Encoder(name, null, new EncoderOptions { InChannels = channels });
                PretrainedWeights.Load(encoder, Path.Combine(_folder, $"{name}.pth"));
                encoder.eval();
                var map = encoder.forward(grey.repeat(1, channels, 1, 1))[^1].to(ScalarType.Float64);
                var std = (double)golden!["std"]!;
                Assert.Equal(golden["shape"]!.AsArray().Select(n => (long)n!), map.shape);
                Assert.Equal((double)golden["mean"]!, map.mean().item<double>(), tolerance: 1e-4 * std);
                Assert.Equal(std, map.std(unbiased: false).item<double>(), tolerance: 1e-4 * std);
                Assert.Equal((double)golden["last"]!, map[0, -1, -1, -1].item<double>(), tolerance: 1e-3 * std);
            }
        }
    }

    [Fact]
    public void A_local_file_is_taken_into_the_store_when_it_fits()
    {
        using var scope = NewDisposeScope();
        var store = new WeightStore(Path.Combine(_folder, "store"));
        using var download = new WeightDownload();
        var intake = new WeightIntake(store, Zoo.Plugins, download);
        var (set, file) = (s_catalog.Find("mobilenet_v2", "imagenet"), Path.Combine(_folder, "mine.pth"));
        Assert.Contains("no such file", Assert.Throws<ConfigurationException>(() => intake.Import(set, file)).Message, StringComparison.Ordinal);
        File.WriteAllText(file, "<html>");
        Assert.Throws<DataException>(() => intake.Import(set, file));
        Assert.False(store.Has(set));
        using (var encoder = Zoo.Encoder("mobilenet_v2", null, new EncoderOptions()))
        {
            SafeTensors.Write(file, encoder.state_dict().Append(KeyValuePair.Create("classifier.1.weight", zeros(1000, 1280))));
        }

        Assert.Contains("is not resnet18-f37072fd.pth of torchvision", Assert.Throws<DataException>(() => intake.Import(s_catalog.Find("resnet18", "IMAGENET1K_V1"), file)).Message, StringComparison.Ordinal);
        Assert.Contains("do not fit", Assert.Throws<DataException>(() => intake.Import(s_catalog.Find("resnet18", "imagenet"), file)).Message, StringComparison.Ordinal);
        intake.Import(set, file);
        Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(store.Require(set)));
        Assert.Null(store.Verify(set));
    }

    // torchvision's weights_backbone.
    [Theory]
    [InlineData("fcn_resnet50", "resnet50", "IMAGENET1K_V1")]
    [InlineData("deeplabv3_resnet101", "resnet101", "IMAGENET1K_V2")]
    public void An_architecture_that_has_a_backbone_of_its_own_starts_it_from_the_classifiers_file(string architecture, string encoder, string weights)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var (set, classifiers) = (s_catalog.Find(architecture, weights), s_catalog.Find(encoder, weights));
        Assert.Equal((classifiers.Id, classifiers.File, classifiers.Url, classifiers.Sha256), (set.Id, set.File, set.Url, set.Sha256));
        var file = Path.Combine(_folder, "classifier.safetensors");
        using var classifier = Zoo.Build(encoder, null, new JsonObject { ["num_classes"] = 1000 });
        SafeTensors.Write(file, classifier.state_dict());
        using var network = Zoo.Plugins.Create<Architecture>(new Choice(architecture)).Build(new NetworkShape(1, 2), _ => throw new InvalidOperationException());
        PretrainedWeights.Load(PretrainedWeights.BackboneOf(network)!, file);
        var (from, into) = (classifier.state_dict(), network.state_dict());
        Assert.True(from["layer4.2.conv3.weight"].equal(into["backbone.layer4.2.conv3.weight"]));
        Assert.Equal(from["conv1.weight"].sum([1]).data<float>().ToArray(), into["backbone.conv1.weight"].squeeze(1).contiguous().data<float>().ToArray());
    }

    private static long[] Shape(string text) => text == "scalar" ? [] : [.. text.Split('x').Select(long.Parse)];

    private static Dictionary<string, string[]> Layouts()
    {
        var layouts = new Dictionary<string, List<string>>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", "published_keys.txt")))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                layouts[line[2..]] = [];
            }
            else
            {
                layouts.Values.Last().Add(line);
            }
        }

        return layouts.ToDictionary(layout => layout.Key, layout => layout.Value.ToArray());
    }
}
