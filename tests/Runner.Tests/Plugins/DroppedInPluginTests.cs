using System.Diagnostics;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;

namespace Osteon.Runner.Tests;

/// <summary>A plugin project that knows nothing of the solution: built against the DLLs, dropped into the folder.</summary>
public sealed class BuiltPlugin : IDisposable
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <EnableDynamicLoading>true</EnableDynamicLoading>
          </PropertyGroup>
          <ItemGroup>
            <Reference Include="HOST/Osteon.*.dll" Exclude="HOST/Osteon.*Tests.dll;HOST/Osteon.Runner.dll" Private="false" />
          </ItemGroup>
        </Project>
        """;

    private const string Source = """
        using Osteon.Abstractions;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        namespace Mine;

        public sealed record TinyOptions : EncoderOptions { public int Width { get; init; } = 8; }

        [Encoder("tiny"), Encoder("tiny-wide")]
        public sealed class TinyEncoder(TinyOptions options)
            : Encoder(options.Name, [options.InChannels, options.Width], [1, options.OutputStride])
        {
            public int Depth => options.Depth;
            public override IReadOnlyList<Tensor> forward(Tensor input) => [input];
        }

        public sealed record ScaledOptions { public double Scale { get; init; } = 1; public string Name { get; init; } = ""; }

        [Loss("Scaled")]
        public sealed class ScaledLoss : Loss
        {
            public ScaledLoss(ScaledOptions options) => Scale = options.Scale > 0 ? options.Scale
                : throw new ConfigurationException($"scale {options.Scale} must be above 0.");
            public double Scale { get; }
            public override Tensor Forward(Tensor logits, Tensor targets, LabelMode mode) => logits;
        }

        [Loss("Two")]
        public sealed class TwoConstructors : Loss
        {
            public TwoConstructors() { }
            public TwoConstructors(ScaledOptions options) { }
            public override Tensor Forward(Tensor logits, Tensor targets, LabelMode mode) => logits;
        }

        public sealed record PlainOptions { public int[] Channels { get; init; } = [8]; }

        [Architecture("Plain")]
        public sealed class PlainArchitecture(PlainOptions options) : Architecture
        {
            public override Network Build(NetworkShape shape, EncoderFactory encoder) => throw new InvalidOperationException();
        }

        [Format("none")]
        public sealed class NoFormat : DatasetFormat
        {
            public override IReadOnlyList<string> Classes => [];
            public override CaseIndex Index(string root) => new([], []);
            public override Image ReadImage(string root, CaseSource source) => throw new InvalidOperationException();
            public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Osteon.Masks.Frame frame) => [];
        }
        """;

    private readonly PluginFolder _folder = new();

    public BuiltPlugin()
    {
        var project = Directory.CreateTempSubdirectory("osteon-plugin-project-");
        try
        {
            File.WriteAllText(Path.Combine(project.FullName, "Mine.csproj"), Project.Replace("HOST", AppContext.BaseDirectory.TrimEnd('/'), StringComparison.Ordinal));
            File.WriteAllText(Path.Combine(project.FullName, "Tiny.cs"), Source);
            Build(project.FullName);
            var built = Path.Combine(project.FullName, "out");
            Assert.Empty(Directory.EnumerateFiles(built, "Osteon.*"));
            foreach (var file in Directory.EnumerateFiles(built))
            {
                File.Copy(file, _folder.PathOf(Path.GetFileName(file)));
            }

            Catalog = _folder.Load();
        }
        finally
        {
            project.Delete(recursive: true);
        }
    }

    public PluginCatalog Catalog { get; }

    public void Dispose() => _folder.Dispose();

    private static void Build(string folder)
    {
        var start = new ProcessStartInfo("dotnet", ["build", "-c", "Release", "-o", "out", "-nologo", "-v", "q", "-nodeReuse:false", "-p:UseSharedCompilation=false"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
    }
}

public sealed class DroppedInPluginTests(BuiltPlugin built) : IClassFixture<BuiltPlugin>
{
    private static readonly BuiltInChoices Optimizers = new("train.optimizer", typeof(Method));

    [Fact]
    public void An_encoder_gets_the_users_options_and_the_architectures()
    {
        var asked = PlanSlices.Json(new EncoderOptions { InChannels = 1, Depth = 4, OutputStride = 16 });
        var encoder = built.Catalog.Create<Encoder>(new Choice("tiny-wide", new JsonObject { ["width"] = 64 }), asked);
        Assert.Equal([1, 64], encoder.Channels);
        Assert.Equal([1, 16], encoder.Strides);
        Assert.Equal(4, encoder.GetType().GetProperty("Depth")!.GetValue(encoder));
    }

    [Fact]
    public void A_plugin_takes_a_record_that_the_caller_made()
    {
        var type = built.Catalog.OptionsTypeOf<Encoder>("tiny")!;
        Assert.Equal("Mine.TinyOptions", type.FullName);
        var options = OptionsBinder.Bind("encoder tiny", new JsonObject { ["width"] = 3, ["in_channels"] = 2 }, type);
        Assert.Equal([2, 3], built.Catalog.Create<Encoder>("tiny", options).Channels);
    }

    [Fact]
    public void A_losss_weight_is_not_the_plugins()
    {
        var loss = built.Catalog.Create<Loss>(new Choice("Scaled", new JsonObject { ["weight"] = 0.5, ["scale"] = 2 }));
        Assert.Equal(2.0, loss.GetType().GetProperty("Scale")!.GetValue(loss));
    }

    [Theory]
    [InlineData("""{"widht": 3}""", "encoder tiny.widht is unknown; nearest is 'width'. Allowed: width.")]
    [InlineData("""{"depth": 3}""", "encoder tiny.depth is given by the architecture. Remove this line.")]
    [InlineData("""{"width": "wide"}""", "encoder tiny.width is 'wide'; expected a whole number")]
    public void Options_are_strict(string options, string what)
    {
        var e = Assert.Throws<ConfigurationException>(() => built.Catalog.Create<Encoder>(new Choice("tiny", (JsonObject)JsonNode.Parse(options)!)));
        Assert.StartsWith(what, Assert.Single(e.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_with_two_constructors_says_so() => Assert.Contains(
        "Mine.TwoConstructors in Mine.dll needs one public constructor",
        Assert.Throws<ConfigurationException>(() => built.Catalog.Create<Loss>(new Choice("Two"))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_right_experiment_has_no_faults() => Assert.Empty(Validate("""
        train:
          loss: [Scaled: 0.5, Scaled: {scale: 2, weight: 1}]
          optimizer: {SGD: {lr: 0.1}}
        """));

    [Fact]
    public void Every_choice_is_judged_at_once_and_in_its_place()
    {
        var faults = Validate("""
            data: {synthesize: hands}
            models:
              a: {architecture: {Plain: {chanels: [4]}}, encoder: tinny}
              b: {architecture: Plain, encoder: {tiny: {width: 1.5, in_channels: 3}}}
            train:
              loss:
                - Scaled: {scale: -1}
                - Scaled: {scael: 1, weight: 2}
                - Two
              augment: [HorizontalFlip: {p: 0.5}]
              optimizer: {SGD: {lr: fast, lrr: 1}}
            """);
        Assert.Equal(
        [
            "experiments/e.yaml(2,20): data.synthesize 'hands' is unknown. No plugin brings any synthesizer.",
            "experiments/e.yaml(4,30): models.a.architecture.Plain.chanels is unknown; nearest is 'channels'. Allowed: channels.",
            "experiments/e.yaml(4,55): models.a.encoder 'tinny' is unknown; nearest is 'tiny'. Known: tiny, tiny-wide.",
            "experiments/e.yaml(5,52): models.b.encoder.tiny.width is 1.5; expected a whole number, at most 2147483647. The default is 8.",
            "experiments/e.yaml(5,57): models.b.encoder.tiny.in_channels is given by train.in_channels. Remove this line.",
            "experiments/e.yaml(8,7): train.loss[0].Scaled: scale -1 must be above 0.",
            "experiments/e.yaml(9,16): train.loss[1].Scaled.scael is unknown; nearest is 'scale'. Allowed: scale.",
            "experiments/e.yaml(10,7): train.loss[2].Two: loss 'Two': Mine.TwoConstructors in Mine.dll needs one public constructor that takes nothing, or one options record with a parameterless constructor.",
            "experiments/e.yaml(11,13): train.augment[0] 'HorizontalFlip' is unknown. No plugin brings any augmentation.",
            "experiments/e.yaml(12,25): train.optimizer.SGD.lr is fast; expected a number. The default is 0.01.",
            "experiments/e.yaml(12,31): train.optimizer.SGD.lrr is unknown; nearest is 'lr'. Allowed: lr.",
        ], faults);
    }

    [Fact]
    public void A_default_that_no_plugin_brings_is_blamed_on_what_holds_it()
    {
        var fault = Assert.Single(Validate("train:\n  optimizer: Adma\n  loss: [Scaled]\n"));
        Assert.Equal("experiments/e.yaml(3,14): train.optimizer 'Adma' is unknown; nearest is 'AdamW'. Allowed: AdamW, SGD.", fault);
    }

    private IReadOnlyList<string> Validate(string text)
    {
        using var folder = new ExperimentFolder();
        folder.Write("base.yaml", "data: {format: none, source: {root: x}}\nmodels: {a: {architecture: Plain, encoder: tiny}}\n");
        folder.Write("e.yaml", "extends: base.yaml\n" + text);
        return PlanValidator.Validate(folder.Load(), built.Catalog, [Optimizers]);
    }

    private abstract record Method
    {
        public double Lr { get; init; } = 0.01;
    }

    [Named("SGD")]
    private sealed record Sgd : Method;

    [Named("AdamW")]
    private sealed record Adam : Method;
}
