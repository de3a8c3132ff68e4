using Osteon.Abstractions;
using Osteon.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models.Tests;

public sealed class WeightsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osteon-weights-");

    private string Target => Path.Combine(_folder.FullName, "weights.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_network_filled_from_another_s_file_has_the_same_bytes()
    {
        using var first = Blocks.Conv2dReLU(2, 3);
        using var second = Blocks.Conv2dReLU(2, 3);
        Weights.Save(first, Target, new Dictionary<string, string> { ["epoch"] = "1" });
        Assert.Equal("1", Weights.Load(second, Target)["epoch"]);
        foreach (var (key, tensor) in first.state_dict())
        {
            Assert.Equal(tensor.bytes.ToArray(), second.state_dict()[key].bytes.ToArray());
        }
    }

    [Fact]
    public void Channels_last_networks_are_saved_and_filled_in_the_order_of_their_indices()
    {
        using var scope = NewDisposeScope();
        using var plain = Blocks.Conv2dReLU(4, 6);
        Weights.Save(plain, Target);
        var bytes = File.ReadAllBytes(Target);
        using var last = Blocks.Conv2dReLU(4, 6).to_channels_last();
        Weights.Load(last, Target);
        Weights.Save(last, Target);
        Assert.Equal(bytes, File.ReadAllBytes(Target));
        Assert.False(last.state_dict()["0.weight"].is_contiguous());
    }

    [Fact]
    public void What_does_not_fit_is_listed_and_nothing_is_loaded()
    {
        using var scope = NewDisposeScope();
        using var network = Blocks.Conv2dReLU(2, 3);
        var state = network.state_dict().ToDictionary(s => s.Key, s => ones_like(s.Value));
        state.Remove("1.running_mean");
        state["1.weight"] = ones(5);
        state["fc.weight"] = ones(1);
        var before = network.state_dict()["0.weight"].bytes.ToArray();
        var message = Assert.Throws<DataException>(() => Weights.Fill(network, state, "imagenet.safetensors")).Message;
        Assert.StartsWith("imagenet.safetensors: ", message, StringComparison.Ordinal);
        Assert.Contains("Missing (1): 1.running_mean.", message, StringComparison.Ordinal);
        Assert.Contains("Unexpected (1): fc.weight.", message, StringComparison.Ordinal);
        Assert.Contains("1.weight ([5] in the file, [3] in the network)", message, StringComparison.Ordinal);
        Assert.Equal(before, network.state_dict()["0.weight"].bytes.ToArray());
    }

    [Fact]
    public void Half_precision_files_fill_single_precision_networks()
    {
        using var scope = NewDisposeScope();
        using var network = Heads.Segmentation(1, 1);
        Weights.Fill(network, network.state_dict().ToDictionary(s => s.Key, s => full_like(s.Value, 0.25).to(ScalarType.Float16)), "half");
        Assert.All(network.parameters(), p => Assert.All(p.data<float>().ToArray(), v => Assert.Equal(0.25f, v)));
    }
}
