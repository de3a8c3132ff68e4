using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch.Tests;

/// <summary>Each layer and operator against PyTorch: outputs, gradients, state and first draws; layers.json says which.</summary>
public sealed class LayerTests : IDisposable
{
    private static readonly JsonElement s_golden = JsonDocument.Parse(typeof(LayerTests).Assembly.GetManifestResourceStream("layers.json")!).RootElement;

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Layers { get; } = [.. LayerCases.Layers.Keys];

    public static TheoryData<string> Operators { get; } = [.. LayerCases.Operators.Keys];

    public void Dispose() => _scope.Dispose();

    internal static long[] InputOf(string layer) =>
        [.. s_golden.GetProperty("layers").GetProperty(layer).GetProperty("input").EnumerateArray().Select(e => e.GetInt64())];

    [Fact]
    public void Every_case_of_the_script_is_tested()
    {
        Assert.Equal(s_golden.GetProperty("layers").EnumerateObject().Select(p => p.Name), LayerCases.Layers.Keys);
        Assert.Equal(s_golden.GetProperty("operators").EnumerateObject().Select(p => p.Name), LayerCases.Operators.Keys);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_starts_as_PyTorchs_from_the_same_seed_and_draws_as_much(string name)
    {
        manual_seed(7);
        using var layer = LayerCases.Layers[name]();
        Agree(s_golden.GetProperty("layers").GetProperty(name), "initial", layer.state_dict());
        Parity.Agrees(s_golden.GetProperty("layers").GetProperty(name).GetProperty("next draw"), rand(3), "next draw");
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_computes_and_learns_what_PyTorchs_does(string name)
    {
        var golden = s_golden.GetProperty("layers").GetProperty(name);
        using var layer = LayerCases.Layers[name]();
        Parity.Fill(layer);
        var x = Parity.Wave(InputOf(name), scale: 4).requires_grad_();
        var y = layer.forward(x);
        Weighted(y).backward();
        Assert.Equal(golden.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64()), y.shape);
        Parity.Agrees(golden.GetProperty("output"), y, "output");
        Parity.Agrees(golden.GetProperty("gradient"), x.grad!, "gradient", 1e-4);
        Agree(golden, "gradients", layer.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!), 1e-4);
        Agree(golden, "after", layer.state_dict());
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void An_operator_and_its_gradient_are_PyTorchs(string name)
    {
        var golden = s_golden.GetProperty("operators").GetProperty(name);
        var x = Parity.Wave([3, 5]).requires_grad_();
        var y = Parity.Wave([3, 5], 2).requires_grad_();
        var z = LayerCases.Operators[name](x, y);
        Assert.Equal(golden.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64()), z.shape);
        Parity.Agrees(golden.GetProperty("output"), z, "output");
        if (z.requires_grad)
        {
            Weighted(z).backward();
        }

        foreach (var (which, tensor) in (ReadOnlySpan<(string, Tensor)>)[("x", x), ("y", y)])
        {
            if (golden.TryGetProperty(which, out var expected))
            {
                Parity.Agrees(expected, tensor.grad!, which, 1e-4);
            }
        }
    }

    [Fact]
    public void An_embedding_is_PyTorchs()
    {
        var golden = s_golden.GetProperty("embedding");
        manual_seed(7);
        using var layer = Embedding(6, 4, padding_idx: 2);
        Agree(golden, "initial", layer.state_dict());
        Parity.Agrees(golden.GetProperty("next draw"), rand(3), "next draw");
        var y = layer.forward(tensor([0L, 2, 5, 5, 1, 0], [2, 3]));
        Weighted(y).backward();
        Parity.Agrees(golden.GetProperty("output"), y, "output");
        Parity.Agrees(golden.GetProperty("gradient"), layer.weight.grad!, "gradient");
    }

    [Fact]
    public void A_size_that_strides_cannot_make_is_refused()
    {
        Assert.Contains("stride of 1", Assert.Throws<ArgumentException>(() => Conv2d(1, 1, 3, Padding.Same, stride: 2)).Message, StringComparison.Ordinal);
        using var layer = ConvTranspose1d(1, 1, 3, stride: 2);
        Assert.Equal(10, layer.call(Parity.Wave([1, 1, 4]), [10]).size(-1));
        Assert.Contains("from [9] to [10]", Assert.Throws<ArgumentException>(() => layer.call(Parity.Wave([1, 1, 4]), [11])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Multihead_attention_is_PyTorchs()
    {
        var golden = s_golden.GetProperty("attention");
        manual_seed(7);
        using var layer = MultiheadAttention(6, 3);
        Agree(golden, "initial", layer.state_dict());
        Parity.Agrees(golden.GetProperty("next draw"), rand(3), "next draw");
        Parity.Fill(layer);
        var q = Parity.Wave([4, 2, 6]).requires_grad_();
        var k = Parity.Wave([5, 2, 6], 1).requires_grad_();
        var v = Parity.Wave([5, 2, 6], 2).requires_grad_();
        var hidden = tensor([false, false, false, false, false, false, true, false, false, true], [2, 5]);
        var (y, weights) = layer.call(q, k, v, hidden, attn_mask: Parity.Wave([4, 5], 3));
        (Weighted(y) + Weighted(weights!)).backward();
        Parity.Agrees(golden.GetProperty("output"), y, "output");
        Parity.Agrees(golden.GetProperty("weights"), weights!, "weights");
        Agree(golden, "gradients", layer.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!), 1e-4);
        Parity.Agrees(golden.GetProperty("q"), q.grad!, "q", 1e-4);
        Parity.Agrees(golden.GetProperty("k"), k.grad!, "k", 1e-4);
        Parity.Agrees(golden.GetProperty("v"), v.grad!, "v", 1e-4);
    }

    [Fact]
    public void An_activation_in_place_changes_its_input_to_what_it_returns_otherwise()
    {
        foreach (var (plain, changing) in (ReadOnlySpan<(Module<Tensor, Tensor>, Module<Tensor, Tensor>)>)[
            (GELU(), GELU(true)), (SiLU(), SiLU(true)), (Mish(), Mish(true)), (Hardswish(), Hardswish(true)), (Hardsigmoid(), Hardsigmoid(true)), (ReLU6(), ReLU6(true)),
            (LeakyReLU(0.2), LeakyReLU(0.2, true)), (ELU(), ELU(inplace: true)), (Tanh(), Tanh(true)), (Hardtanh(), Hardtanh(inplace: true))])
        {
            var leaf = Parity.Wave([40], scale: 4).requires_grad_();
            var x = leaf * 1;
            var y = changing.forward(x);
            Assert.True(y.allclose(plain.forward(leaf)) && x.equal(y), plain.GetName());
            var found = autograd.grad([y.sum()], [leaf])[0]!;
            Assert.True(found.allclose(autograd.grad([plain.forward(leaf).sum()], [leaf])[0]!, 1e-4, 1e-5), plain.GetName());
        }
    }

    private static Tensor Weighted(Tensor y) => (y * Parity.Wave(y.shape, 1)).sum();

    private static void Agree(JsonElement golden, string part, Dictionary<string, Tensor> found, double tolerance = 1e-5)
    {
        Assert.Equal(golden.GetProperty(part).EnumerateObject().Select(p => p.Name), found.Keys);
        foreach (var (key, tensor) in found)
        {
            Parity.Agrees(golden.GetProperty(part).GetProperty(key), tensor, $"{part} {key}", tolerance);
        }
    }
}
