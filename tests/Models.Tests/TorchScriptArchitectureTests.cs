using Osteon.Abstractions;
using Osteon.Plugins.Architectures.TorchScript;
using Osteon.Testing;
using static TorchSharp.torch;

namespace Osteon.Models.Tests;

/// <summary>Networks that Python exported, as an experiment's architecture.</summary>
public sealed class TorchScriptArchitectureTests(TorchScriptArchitectureTests.Files files) : IClassFixture<TorchScriptArchitectureTests.Files>
{
    [Theory]
    [InlineData("net.pt", 16)]
    [InlineData("traced.pt", 16)]
    [InlineData("many.pt", 8)]                                      // [encoder's maps, …]
    [InlineData("named.pt", 8)]                                     // {'out': …}
    public void An_exported_network_is_one_of_the_plan_s(string file, int side)
    {
        using var scope = NewDisposeScope();
        using var network = Build(file);
        Assert.True(network.training);
        network.eval();
        Assert.Equal(side, network.call(zeros(1, 3, 16, 16)).shape[^1]);
    }

    [Fact]
    public void Its_keys_are_Python_s_and_its_weights_can_be_saved_loaded_and_trained()
    {
        using var scope = NewDisposeScope();
        using var network = Build("net.pt");
        using var again = Build("net.pt");
        Assert.Equal("encoder.0.weight", network.state_dict().Keys.First());
        network.call(randn(2, 3, 16, 16)).sum().backward();
        using (no_grad())
        {
            foreach (var parameter in network.parameters())
            {
                parameter.sub_(parameter.grad!);
            }
        }

        var path = files.At("trained.safetensors");
        Weights.Save(network, path);
        Weights.Load(again, path);
        network.eval();
        again.eval();
        var image = randn(1, 3, 16, 16);
        Assert.True(network.call(image).equal(again.call(image)));
        using var fresh = Build("net.pt");
        Weights.Load(fresh, files.At("weights.pth"));
        Assert.Equal(network.state_dict().Keys, fresh.state_dict().Keys);
    }

    [Theory]
    [InlineData("frozen.pt", "has no parameters to train: it was frozen")]
    [InlineData("weights.pth", "cannot be loaded as TorchScript")]
    [InlineData("missing.pt", "there is no such file")]
    public void What_cannot_be_trained_is_refused_with_its_name(string file, string reason)
    {
        var message = Assert.Throws<DataException>(() => Build(file)).Message;
        Assert.StartsWith(files.At(file), message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dictionary_without_out_is_refused()
    {
        using var scope = NewDisposeScope();
        using var network = Build("unnamed.pt");
        Assert.Contains("a dictionary with 'out'", Assert.Throws<ConfigurationException>(() => network.call(zeros(1, 3, 16, 16))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 32, "file is missing")]
    [InlineData("a.pt", 0, "size_multiple 0 must be 1 to 4096")]
    public void Options_out_of_range_are_refused(string file, int multiple, string reason) =>
        Assert.Contains(reason, Assert.Throws<ConfigurationException>(() => new TorchScript(new TorchScriptOptions { File = file, SizeMultiple = multiple })).Message, StringComparison.Ordinal);

    private Network Build(string file) =>
        new TorchScript(new TorchScriptOptions { File = files.At(file), SizeMultiple = 2 }).Build(new NetworkShape(3, 2), _ => throw new InvalidOperationException("takes no encoder"));

    public sealed class Files : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osteon-script-");
        private readonly Lazy<string> _made;

        public Files() => _made = new(() => PythonPeer.Run("tests/Torch.Tests/Golden/make_scripts.py", _folder.FullName));

        public string At(string name)
        {
            PythonPeer.SkipUnlessThere();
            _ = _made.Value;
            return Path.Combine(_folder.FullName, name);
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
