using Osteon.Abstractions;
using Osteon.Testing;
using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Models.Tests;

/// <summary>Checkpoints that torch writes while the tests run; without Python and torch they are skipped.</summary>
public sealed class PthPythonTests(PthPythonTests.Checkpoints checkpoints) : IClassFixture<PthPythonTests.Checkpoints>
{
    public static TheoryData<string> Files
    {
        get
        {
            string[] names = ["ordered", "plain", "types", "views", "half", "bfloat16", "shared", "lightning", "parallel", "compiled", "listed", "tupled", "nested"];
            string[] endings = ["pth", "legacy.pth", "four.pt", "four.legacy.pt"];
            return ["zip64.pth", .. names.SelectMany(name => endings.Select(ending => $"{name}.{ending}"))];
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_tensor_holds_what_Python_saved(string file)
    {
        using var scope = NewDisposeScope();
        var contents = PthFile.Read(checkpoints.Path(file));
        var tensors = contents.Read(Weights.FindStateDict(contents));
        var expected = checkpoints.Tensors.Where(t => t.File == file).Select(t => t.Line);
        Assert.Equal(expected, tensors.Select(t => TensorText.Of(t.Key, t.Value)));
    }

    [Theory]
    [InlineData("shared.pth")]
    [InlineData("shared.legacy.pth")]
    public void Tensors_of_one_storage_share_it(string file)
    {
        using var scope = NewDisposeScope();
        var contents = PthFile.Read(checkpoints.Path(file));
        var tensors = contents.Read(Weights.FindStateDict(contents));
        tensors["encoder.weight"].fill_(7);
        Assert.All(tensors["decoder.weight"].data<float>().ToArray(), v => Assert.Equal(7, v));
        Assert.All(tensors["tail"].data<float>().ToArray(), v => Assert.Equal(7, v));
    }

    [Theory]
    [InlineData("views.pth")]
    [InlineData("views.legacy.pth")]
    public void Strides_are_those_of_the_file(string file)
    {
        var tensors = Weights.FindStateDict(PthFile.Read(checkpoints.Path(file)));
        Assert.Equal([1, 6], tensors["turned"].Strides);
        Assert.Equal([0], tensors["repeated"].Strides);
        Assert.Equal([60, 1, 15, 3], tensors["last"].Strides);
    }

    [Theory]
    [InlineData("shared.pth")]
    [InlineData("shared.legacy.pth")]
    [InlineData("shared.four.pt")]
    [InlineData("shared.four.legacy.pt")]
    public void Weights_know_every_kind_of_checkpoint_by_its_content(string file)
    {
        using var network = Blocks.Conv2dReLU(1, 1);
        var message = Assert.Throws<DataException>(() => Weights.Load(network, checkpoints.Path(file))).Message;
        Assert.Contains("Unexpected (3): encoder.weight, decoder.weight, tail.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tar_file_is_known_by_its_content()
    {
        using var network = Blocks.Conv2dReLU(1, 1);
        Assert.Contains("tar file", Assert.Throws<DataException>(() => Weights.Load(network, checkpoints.Path("tar.pth"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_lives_on_after_the_tensors_are_disposed()
    {
        var before = Osteon.Torch.TensorMemory.Count;
        using (NewDisposeScope())
        {
            var contents = PthFile.Read(checkpoints.Path("ordered.pth"));
            contents.Read(Weights.FindStateDict(contents));
        }

        Assert.Equal(before, Osteon.Torch.TensorMemory.Count);
    }

    [Theory]
    [InlineData("module.pth", "torch.nn.modules.linear.Linear")]
    [InlineData("module.legacy.pth", "torch.nn.modules.linear.Linear")]
    [InlineData("numpy.pth", "NumPy")]
    [InlineData("namespace.pth", "argparse.Namespace")]
    [InlineData("script.pth", "TorchScript")]
    [InlineData("quantized.pth", "_rebuild_qtensor")]
    [InlineData("sparse.pth", "_rebuild_sparse_tensor")]
    [InlineData("list.pth", "a list of 1")]
    [InlineData("no-tensors.pth", "'epoch', 'best'")]
    [InlineData("tar.pth", "tar file of torch before 0.1.10")]
    [InlineData("two-listed.pth", "several state dictionaries: item 0, item 1")]
    [InlineData("two.pth", "several state dictionaries: state_dict, model")]
    public void What_is_no_state_dictionary_is_refused_with_the_reason(string file, string reason)
    {
        var path = checkpoints.Path(file);
        var message = Assert.Throws<DataException>(() => Weights.FindStateDict(PthFile.Read(path))).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SGD")]
    [InlineData("Adam")]
    [InlineData("AdamW")]
    [InlineData("RMSprop")]
    [InlineData("Adagrad")]
    [InlineData("NAdam")]
    [InlineData("RAdam")]
    public void An_optimiser_goes_on_from_what_Python_saved(string name)
    {
        using var scope = NewDisposeScope();
        var contents = PthFile.Read(checkpoints.Path($"{name}.weights.pth"));
        var kept = contents.Read(Weights.FindStateDict(contents));
        Parameter[] weights = [nn.Parameter(kept["before.0"].clone()), nn.Parameter(kept["before.1"].clone())];
        using optim.Optimizer optimizer = name switch
        {
            "SGD" => optim.SGD(weights, 0.1, momentum: 0.9),
            "Adam" => optim.Adam(weights, 0.1, amsgrad: true),
            "AdamW" => optim.AdamW(weights, 0.1),
            "RMSprop" => optim.RMSProp(weights, 0.1, momentum: 0.9, centered: true),
            "Adagrad" => optim.Adagrad(weights, 0.1, lr_decay: 0.1),
            "NAdam" => optim.NAdam(weights, 0.1),
            _ => optim.RAdam(weights, 0.1),
        };
        OptimizerStates.Load(optimizer, checkpoints.Path($"{name}.optimizer.pth"));
        for (var step = 5; step < 10; step++)
        {
            foreach (var weight in weights)
            {
                weight.grad = (0.5 * weight.detach()) + step;
            }

            optimizer.step();
        }

        Assert.True(weights[0].allclose(kept["after.0"], 1e-6, 1e-7), name);
        Assert.True(weights[1].allclose(kept["after.1"], 1e-6, 1e-7), name);
    }

    [Theory]
    [InlineData("Adam.weights.pth", "is no optimizer's state")]
    [InlineData("RMSprop.optimizer.pth", "does not fit this Adam of 1 parameters")]
    public void An_optimiser_refuses_what_is_not_its_own(string file, string reason)
    {
        using var scope = NewDisposeScope();
        using var adam = optim.Adam([nn.Parameter(zeros(4))]);
        Assert.Contains(reason, Assert.Throws<DataException>(() => OptimizerStates.Load(adam, checkpoints.Path(file))).Message, StringComparison.Ordinal);
        Assert.Empty(adam.state_dict());
    }

    public sealed class Checkpoints : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osteon-pth-");
        private readonly Lazy<(string File, string Line)[]> _tensors;

        public Checkpoints() => _tensors = new(() =>
        [
            .. PythonPeer.Run("tests/Models.Tests/Golden/make_pth.py", _folder.FullName)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t', 2)).Select(parts => (parts[0], parts[1])),
        ]);

        public (string File, string Line)[] Tensors => _tensors.Value;

        public string Path(string file)
        {
            PythonPeer.SkipUnlessThere();
            _ = _tensors.Value;
            return System.IO.Path.Combine(_folder.FullName, file);
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
