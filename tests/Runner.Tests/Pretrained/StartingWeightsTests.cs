using Osteon.Abstractions;
using Osteon.Runner.Configuration;

namespace Osteon.Runner.Tests;

public sealed class StartingWeightsTests : IDisposable
{
    private readonly ExperimentFolder _folder = new();
    private readonly WeightCatalog _catalog;

    public StartingWeightsTests()
    {
        _folder.Write("plugins/t.weights.tsv", """
            encoder	weights	id	file	url	sha256	mean	std	range	licence
            resnet18	imagenet	smp/r18	m	https://example.org/m	-	0.485,0.456,0.406	0.229,0.224,0.225	0,1	-
            """);
        _catalog = WeightCatalog.Load([Path.Combine(_folder.Root, "experiments/plugins")]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{encoder: resnet18, encoder_weights: imagenet}")]
    [InlineData("{encoder: resnet18, weights: imagenet}")]
    [InlineData("{encoder: resnet18, encoder_weights: imagenet, normalize: ZScore}")]
    [InlineData("{encoder: resnet18, encoder_weights: file.pth, normalize: {Published: {weights: imagenet, max: 4095}}}")]
    [InlineData("{encoder: resnet18, weights: whole.pth, encoder_weights: imagenet}")]
    [InlineData("{encoder: resnet34, normalize: {Fixed: {mean: [0.5], std: [0.25]}}}")]
    public void Takes(string model) => Assert.Empty(Faults(model));

    [Theory]
    [InlineData("{encoder: resnet18, encoder_weights: imagenett}", 50, "models.m.encoder_weights 'imagenett' is unknown for resnet18; nearest is 'imagenet'.")]
    [InlineData("{encoder: resnet34, encoder_weights: imagenet}", 50, "no weights of resnet34 are published")]
    [InlineData("{architecture: PlainUnet, weights: imagenet}", 48, "models.m.weights is 'imagenet', a published set for an encoder, and there is none.")]
    [InlineData("{encoder: resnet18, weights: imagenet, encoder_weights: x.pth}", 42, "encoder_weights names one too. Remove one of the two.")]
    [InlineData("{encoder: resnet18, normalize: Published}", 44, "models.m.normalize is Published, but the model starts from no published set.")]
    [InlineData("{encoder: resnet18, normalize: Publishd}", 44, "nearest is 'Published'")]
    [InlineData("{encoder: resnet18, normalize: {Published: {weights: ssl}}}", 33, "which is unknown for resnet18")]
    [InlineData("{encoder: resnet18, normalize: {Fixed: {mean: [0.5], std: [0]}}}", 52, "a deviation that is not above 0")]
    [InlineData("{encoder: resnet18, normalize: {Fixed: {mean: [0.5, 0.4], std: [1]}}}", 52, "has 2 means and 1 deviations")]
    public void Refuses(string model, int column, string reason)
    {
        var fault = Assert.Single(Faults(model));
        Assert.Contains($"(2,{column})", fault, StringComparison.Ordinal);
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    private IReadOnlyList<string> Faults(string model)
    {
        _folder.Write("e.yaml", $"data: {{source: {{root: x}}}}\nmodels: {{m: {model}}}\n");
        return StartingWeights.Faults(ExperimentFile.Load("e", [], _folder.Root), _catalog);
    }
}
