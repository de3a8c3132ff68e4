using System.Globalization;
using Osteon.Abstractions;
using Osteon.Models;
using Osteon.Models.Tests;
using Osteon.Runner;
using Osteon.Torch;
using static TorchSharp.torch;

namespace Osteon.Zoo.Tests;

/// <summary>Networks that predict with the same weights hold their numbers once.</summary>
public sealed class SharingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osteon-sharing-");

    private string File => Path.Combine(_folder.FullName, "weights.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("Unet", "resnet18", false)]
    [InlineData("FPN", "mit_b0", true)]
    [InlineData("Unet", "mobileone_s0", true)]
    public void Two_networks_of_one_file_own_no_page_of_it_and_give_the_logits_of_copies(string architecture, string encoder, bool touched)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var copied = Filled(architecture, encoder);
        Weights.Save(copied, File);
        using var first = Built(architecture, encoder);
        using var second = Built(architecture, encoder);
        Weights.Adopt(first, File);
        Weights.Adopt(second, File);
        var image = GoldenNumbers.Units("input", [1, 3, 64, 64]);
        copied.eval();
        var expected = copied.forward(image).data<float>().ToArray();
        foreach (var network in new[] { first, second })
        {
            network.eval();
            Assert.Equal(expected, network.forward(image).data<float>().ToArray());
        }

        // Both have read all of the file, and the system has one page of each for the two.
        var (whole, own) = Pages();
        var bytes = new FileInfo(File).Length;
        Assert.InRange(whole, 1.8 * bytes, 2.2 * bytes);
        Assert.Equal(0, own);
        if (!touched)
        {
            return;
        }

        // One that changes its weights writes on pages of its own.
        foreach (var parameter in first.parameters())
        {
            parameter.mul_(2);
        }

        Assert.Equal(expected, second.forward(image).data<float>().ToArray());
        Assert.True(Pages().Own > 0);
    }

    [Fact]
    public void A_checkpoint_is_in_memory_once_however_many_use_it_and_goes_with_the_last()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using (var trained = Filled("Unet", "mobileone_s0"))
        {
            Weights.Save(trained, File);
        }

        var live = TensorMemory.Count;
        var (shelf, made) = (new SharedNetworks(), 0);
        Network Make()
        {
            made++;
            var network = Built("Unet", "mobileone_s0");
            Weights.Adopt(network, File);
            network.eval();
            return network;
        }

        var image = GoldenNumbers.Units("input", [1, 3, 64, 64]);
        var leases = new SharedNetwork[4];
        Parallel.For(0, leases.Length, i => leases[i] = shelf.Take("unit", Make));
        Assert.Equal((1, 1), (made, shelf.Count));
        Assert.All(leases, lease => Assert.Same(leases[0].Network, lease.Network));
        var tensors = TensorMemory.Count;
        var expected = leases[0].Network.forward(image).data<float>().ToArray();
        var logits = new float[leases.Length][];
        Parallel.For(0, leases.Length, i =>
        {
            using var own = NewDisposeScope();
            using var still = no_grad();
            logits[i] = leases[i].Network.forward(image).data<float>().ToArray();
        });
        Assert.All(logits, each => Assert.Equal(expected, each));
        using (shelf.Take("another", () => Built("Unet", "resnet18")))
        {
            Assert.Equal(2, shelf.Count);
        }

        foreach (var lease in leases.Skip(1))
        {
            lease.Dispose();
            lease.Dispose();
        }

        Assert.Equal(expected, leases[0].Network.forward(image).data<float>().ToArray());
        leases[0].Dispose();
        Assert.Equal(0, shelf.Count);
        Assert.Throws<ObjectDisposedException>(() => leases[0].Network);
        Assert.True(TensorMemory.Count < tensors);
        using (shelf.Take("unit", Make))
        {
            Assert.Equal(2, made);
        }
    }

    [Fact]
    public void What_fails_to_be_made_is_not_kept()
    {
        var shelf = new SharedNetworks();
        Assert.Throws<DataException>(() => shelf.Take("unit", () => throw new DataException("weights", "do not fit")));
        Assert.Equal(0, shelf.Count);
        using var lease = shelf.Take("unit", () => Built("Unet", "resnet18"));
        Assert.Equal(1, shelf.Count);
    }

    private static Network Built(string architecture, string encoder)
    {
        using var undrawn = Undrawn.Scope();
        return Zoo.Build(architecture, encoder, []);
    }

    private static Network Filled(string architecture, string encoder)
    {
        var network = Built(architecture, encoder);
        GoldenNumbers.FillState(network.state_dict(), 0.9);
        return network;
    }

    // Bytes of this process's mappings of the file that are in memory, and those of them that are copies.
    private (long Whole, long Own) Pages()
    {
        var (whole, own, ours) = (0L, 0L, false);
        foreach (var line in System.IO.File.ReadLines("/proc/self/smaps"))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!words[0].EndsWith(':'))
            {
                ours = line.EndsWith(File, StringComparison.Ordinal);
            }
            else if (ours && words[0] is "Rss:" or "Anonymous:")
            {
                var bytes = 1024 * long.Parse(words[1], CultureInfo.InvariantCulture);
                whole += ours && words[0] is "Rss:" ? bytes : 0;
                own += ours && words[0] is "Anonymous:" ? bytes : 0;
            }
        }

        return (whole, own);
    }
}
