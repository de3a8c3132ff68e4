using Osteon.Abstractions;

namespace Osteon.Runner.Tests.Ensembles;

public sealed class ModelReferenceTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("osteon-models-").FullName;

    public ModelReferenceTests()
    {
        Directory.CreateDirectory(Path.Combine(_root, "experiments"));
        File.WriteAllText(Path.Combine(_root, "experiments", "final.yaml"), "");
        File.WriteAllText(Path.Combine(_root, "experiments", "final.lock.json"), """{"Train[model=unet,fold=3]": {"key": "abc"}}""");
        Directory.CreateDirectory(Path.Combine(_root, ".osteon", "cache", "Train", "ab", "abc"));
        File.WriteAllText(Path.Combine(_root, ".osteon", "cache", "Train", "ab", "abc", "model.safetensors"), "");
        File.WriteAllText(Path.Combine(_root, "other.safetensors"), "");
    }

    [Theory]
    [InlineData("final", null, null)]
    [InlineData("runs/final/", null, null)]
    [InlineData("final/unet", "unet", null)]
    [InlineData("final/unet/3", "unet", 3)]
    [InlineData("runs/final/unet/fold 3", "unet", 3)]
    [InlineData("final/Train[model=unet,fold=3]", "unet", 3)]
    [InlineData(".osteon/cache/Train/ab/abc/model.safetensors", "unet", 3)]
    [InlineData(".osteon/cache/Train/ab/abc", "unet", 3)]
    public void Finds_members_by_any_of_their_names(string text, string? model, int? fold) => Assert.Equal(new ModelReference("final", model, fold), ModelReference.Parse(text, _root));

    [Theory]
    [InlineData("finel", "nearest is 'final'")]
    [InlineData("final/unet/x", "cannot be read")]
    [InlineData("nowhere.safetensors", "there is no such file")]
    [InlineData("other.safetensors", "no lock in experiments/ knows this checkpoint")]
    public void Says_what_it_could_not_find(string text, string fault) =>
        Assert.Contains(fault, Assert.Throws<ConfigurationException>(() => ModelReference.Parse(text, _root)).Message, StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
