using System.Globalization;
using System.Runtime.InteropServices;
using Osteon.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Torch.Tests;

/// <summary>TorchScript files that Python's torch writes while the tests run; without it they are skipped.</summary>
public sealed class ScriptTests(ScriptTests.Files files) : IClassFixture<ScriptTests.Files>, IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData("net.pt", "net")]
    [InlineData("traced.pt", "net")]
    [InlineData("frozen.pt", "net")]
    [InlineData("pair.pt", "pair")]
    [InlineData("many.pt", "many")]
    [InlineData("named.pt", "named")]
    [InlineData("mixed.pt", "mixed")]
    public void Outputs_are_those_of_eager_PyTorch(string file, string expected)
    {
        using var module = jit.load(files.At(file));
        using var untracked = no_grad();
        var found = Flat(module.forward(files.Input())).ToArray();
        Assert.Equal(files.Numbers($"{expected}.expected.bin"), found, (a, b) => Math.Abs(a - b) <= 1e-6f);
    }

    [Fact]
    public void Results_come_as_the_program_s_types()
    {
        var input = files.Input();
        Assert.IsType<(Tensor, Tensor)>(Run("pair.pt", input));
        Assert.Equal(3, Assert.IsType<Tensor[]>(Run("many.pt", input)).Length);
        Assert.Equal(["out", "aux"], Assert.IsType<Dictionary<string, Tensor>>(Run("named.pt", input)).Keys);
        var mixed = Assert.IsType<object?[]>(Run("mixed.pt", input));
        Assert.Equal([8L, "grün"], mixed[2..4]);
        Assert.Equal(0.5, Assert.IsType<Dictionary<string, object?>>(mixed[4])["a"]);
        Assert.Single(Assert.IsType<Tensor[]>(mixed[1]));
    }

    [Fact]
    public void A_tuple_can_be_had_as_an_array_and_another_type_is_named()
    {
        using var pair = jit.load<Tensor, Tensor[]>(files.At("pair.pt"));
        pair.eval();
        Assert.Equal(2, pair.call(files.Input()).Length);
        using var wrong = jit.load<Tensor, Tensor>(files.At("pair.pt"));
        var live = Tensor.TotalCount;
        var error = Assert.Throws<TorchException>(() => wrong.call(files.Input()));
        Assert.Contains("pair.pt.forward returns System.ValueTuple", error.Message, StringComparison.Ordinal);
        Assert.Equal(live + 1, Tensor.TotalCount);                                // the input
    }

    [Fact]
    public void Methods_take_defaults_numbers_and_lists()
    {
        using var module = jit.load(files.At("mixed.pt"));
        Assert.Equal([2f, 2], module.invoke<Tensor>("scaled", ones(2)).data<float>().ToArray());
        Assert.Equal([3f, 3], module.invoke<Tensor>("scaled", ones(2), 1.5, true).data<float>().ToArray());
        Assert.Equal([1f, 0, 2], module.invoke<Tensor>("joined", new[] { ones(1), zeros(1) }, full([1], 2)).data<float>().ToArray());
        Assert.Contains("argument 'by' has the wrong type", Assert.Throws<TorchException>(() => module.invoke("scaled", ones(2), "x")).Message, StringComparison.Ordinal);
        Assert.Contains("argument 'one' is missing", Assert.Throws<TorchException>(() => module.invoke("joined", new[] { ones(1) }, Argument.Default)).Message, StringComparison.Ordinal);
        Assert.Contains("too many", Assert.Throws<TorchException>(() => module.forward(ones(1), ones(1))).Message, StringComparison.Ordinal);
        Assert.Contains("has no method 'sideways'", Assert.Throws<TorchException>(() => module.invoke("sideways")).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be returned", Assert.Throws<TorchException>(() => module.invoke("weird")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => module.forward(DateTime.UnixEpoch));
    }

    [Fact]
    public void Names_and_shapes_are_those_of_Python()
    {
        using var module = jit.load<Tensor, Tensor>(files.At("net.pt"));
        Assert.Equal(files.Printed, module.state_dict().Select(s => $"{s.Key}\t{string.Join('x', s.Value.shape)}"));
        Assert.Equal(["encoder.0.weight", "encoder.0.bias", "encoder.1.weight", "encoder.1.bias", "head.weight", "head.bias"], module.named_parameters().Select(p => p.name));
        Assert.Equal(["encoder.1.running_mean", "encoder.1.running_var", "encoder.1.num_batches_tracked"], module.named_buffers().Select(b => b.name));
        Assert.Equal(["encoder", "drop", "head"], module.named_children().Select(c => c.name));
    }

    [Fact]
    public void Parameters_are_those_that_the_program_works_on()
    {
        using var module = jit.load<Tensor, Tensor>(files.At("net.pt"));
        using (no_grad())
        {
            module.get_parameter("head.weight")!.zero_();
            module.get_parameter("head.bias")!.fill_(3);
        }

        Assert.All(module.call(files.Input()).data<float>().ToArray(), v => Assert.Equal(3, v, 1e-6f));
        module.to(float64);
        Assert.Equal(float64, module.call(files.Input().to(float64)).dtype);
    }

    [Fact]
    public void A_tensor_that_parts_share_is_one_parameter_and_a_frozen_one_stays_frozen()
    {
        using var module = jit.load<Tensor, Tensor>(files.At("tied.pt"));
        Assert.Equal(["frozen", "first.weight"], module.named_parameters().Select(p => p.name));
        Assert.Equal(["frozen", "scale", "first.weight", "second.weight"], module.state_dict().Keys);
        Assert.False(module.get_parameter("frozen")!.requires_grad);
        module.call(ones(1, 4)).sum().backward();
        Assert.NotNull(module.get_parameter("first.weight")!.grad);
    }

    [Fact]
    public void Modes_are_switched_for_the_whole_or_for_a_part()
    {
        using var module = jit.load<Tensor, Tensor>(files.At("training.pt"));
        Assert.True(module.training);
        var drop = module.children().ElementAt(1);
        module.eval();
        Assert.False(drop.training);
        Assert.True(module.call(files.Input()).equal(module.call(files.Input())));
        drop.train();
        Assert.False(module.training);
        Assert.False(module.call(files.Input()).equal(module.call(files.Input())));
        using var net = jit.load(files.At("net.pt"));
        Assert.All(net.modules(), part => Assert.False(part.training));
    }

    [Fact]
    public void Training_gives_the_losses_of_Python()
    {
        using var module = jit.load<Tensor, Tensor>(files.At("training.pt"));
        module.children().ElementAt(1).eval();
        using var optimizer = optim.SGD(module.parameters(), 0.1, momentum: 0.9);
        foreach (var expected in File.ReadLines(files.At("training.txt")))
        {
            optimizer.zero_grad();
            var loss = nn.functional.mse_loss(module.call(files.Input()), zeros(2, 2, 16, 16));
            loss.backward();
            optimizer.step();
            Assert.Equal(float.Parse(expected, CultureInfo.InvariantCulture), loss.item<float>(), 1e-6f);
        }
    }

    [Fact]
    public void Every_call_gives_the_same_bits()
    {
        using var module = jit.load<Tensor, Tensor>(files.At("net.pt"));
        var first = module.call(files.Input()).data<float>().ToArray();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(first, module.call(files.Input()).data<float>().ToArray());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_gradient_of_its_GELU_can_be_trusted(bool tanh)
    {
        using var module = jit.load(files.At("gelu.pt"));
        var values = linspace(-4, 4, 33 * 33).view(33, 33);
        var weight = linspace(0.5, 1.5, 33 * 33).view(33, 33).t();
        var x = values.detach().requires_grad_();
        var found = autograd.grad([module.invoke<Tensor>("forward", x, tanh)], [x], [weight])[0]!;
        var y = values.to(float64).requires_grad_();
        var form = tanh ? TorchSharp.Modules.GELU.Approximate.tanh : TorchSharp.Modules.GELU.Approximate.none;
        var right = autograd.grad([nn.functional.gelu(y, form)], [y], [weight.to(float64)])[0]!;
        Assert.True(found.to(float64).allclose(right, 1e-4, 1e-5));
        Assert.True(module.invoke<Tensor>("forward", values, tanh).to(float64).allclose(nn.functional.gelu(values.to(float64), form), 1e-5, 1e-6));
    }

    [Fact]
    public void What_is_saved_here_computes_the_same_when_it_is_loaded_again()
    {
        using var module = jit.load(files.At("tied.pt"));
        using (no_grad())
        {
            module.get_parameter("first.weight")!.fill_(0.5);
        }

        var path = files.At($"{Guid.NewGuid():N}.pt");
        jit.save(module, path);
        using var again = jit.load<Tensor, Tensor>(path);
        Assert.Equal([9f, 9, 9, 9], again.call(ones(4)).data<float>().ToArray());      // ((4 · 0.5) · 4 · 0.5) · 2 + 1
    }

    [Fact]
    public void A_failing_operator_is_told_with_the_program_s_own_line()
    {
        using var module = jit.load<Tensor, Tensor>(files.At("net.pt"));
        var error = Assert.ThrowsAny<ExternalException>(() => module.call(zeros(1, 5, 16, 16)));
        Assert.Contains("expected input[1, 5, 16, 16] to have 3 channels", error.Message, StringComparison.Ordinal);
        Assert.Contains("Traceback of TorchScript", error.Message, StringComparison.Ordinal);
        Assert.Contains("in net.pt.forward(Float32[1, 5, 16, 16])", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_and_missing_files_are_named()
    {
        var damaged = files.At("damaged.pt");
        var whole = File.ReadAllBytes(files.At("net.pt"));
        foreach (var length in (int[])[0, 3, 100, whole.Length / 2, whole.Length - 1])
        {
            File.WriteAllBytes(damaged, whole[..length]);
            Assert.Contains("damaged.pt", Assert.Throws<TorchException>(() => jit.load(damaged)).Message, StringComparison.Ordinal);
        }

        Assert.Contains("weights.pth", Assert.Throws<TorchException>(() => jit.load(files.At("weights.pth"))).Message, StringComparison.Ordinal);
        Assert.Contains("missing.pt", Assert.Throws<FileNotFoundException>(() => jit.load(files.At("missing.pt"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_lives_on_after_the_module_is_disposed()
    {
        var path = files.At("tied.pt");
        var before = Tensor.TotalCount;
        for (var i = 0; i < 3; i++)
        {
            using var scope = NewDisposeScope();
            using var module = jit.load<Tensor, Tensor>(path);
            module.call(ones(4));
            module.Dispose();
            Assert.Throws<ObjectDisposedException>(() => module.call(ones(4)));
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Many_threads_get_the_right_values()
    {
        using var module = jit.load<Tensor, Tensor>(files.At("net.pt"));
        var expected = files.Numbers("net.expected.bin");
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            for (var i = 0; i < 10; i++)
            {
                using var scope = NewDisposeScope();
                using var untracked = no_grad();
                Assert.Equal(expected, module.call(files.Input()).data<float>().ToArray(), (a, b) => Math.Abs(a - b) <= 1e-6f);
            }
        });
    }

    private static IEnumerable<float> Flat(object? result) => result switch
    {
        Tensor tensor => tensor.data<float>().ToArray(),
        ValueTuple<Tensor, Tensor> pair => [.. Flat(pair.Item1), .. Flat(pair.Item2)],
        Tensor[] tensors => tensors.SelectMany(Flat),
        Dictionary<string, Tensor> named => named.Values.SelectMany(Flat),
        object?[] parts => parts.SelectMany(Flat),
        _ => [],
    };

    private object? Run(string file, Tensor input)
    {
        using var module = jit.load(files.At(file));
        return module.forward(input);
    }

    public sealed class Files : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osteon-script-");
        private readonly Lazy<string[]> _printed;

        public Files() => _printed = new(() => PythonPeer.Run("tests/Torch.Tests/Golden/make_scripts.py", _folder.FullName).Split('\n', StringSplitOptions.RemoveEmptyEntries));

        /// <summary>Key and shape of net.pt's state dictionary, a line each.</summary>
        public string[] Printed => _printed.Value;

        public string At(string name)
        {
            PythonPeer.SkipUnlessThere();
            _ = _printed.Value;
            return Path.Combine(_folder.FullName, name);
        }

        public float[] Numbers(string name) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(At(name))).ToArray();

        public Tensor Input() => tensor(Numbers("input.bin"), [2, 3, 16, 16]);

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
