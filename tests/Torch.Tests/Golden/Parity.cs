using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Torch.Tests;

/// <summary>PyTorch's numbers, and the formula that both sides fill tensors with.</summary>
internal static class Parity
{
    public static JsonElement Golden { get; } = JsonDocument.Parse(typeof(Parity).Assembly.GetManifestResourceStream("parity.json")!).RootElement;

    public static Tensor Wave(long[] shape, double phase = 0, double scale = 1)
    {
        var values = new float[shape.Aggregate(1L, (n, s) => n * s)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(scale * Math.Sin((0.37 * i) + phase));
        }

        return tensor(values, shape);
    }

    /// <summary>Gives each parameter values of its own, as the scripts do.</summary>
    internal static void Fill(nn.Module module)
    {
        using var frozen = no_grad();
        var k = 0;
        foreach (var parameter in module.parameters())
        {
            parameter.copy_(Wave(parameter.shape, k++, 0.5) + (parameter.ndim == 1 ? 1 : 0));
        }
    }

    /// <summary>First values, sum and norm agree, relative to the tensor's norm; the sum adds n roundings, so to norm × √n.</summary>
    public static void Agrees(JsonElement expected, Tensor actual, string what, double tolerance = 1e-5)
    {
        using var scope = NewDisposeScope();
        var flat = actual.detach().to(float64).flatten();
        var values = flat.data<double>().ToArray();
        double[] wanted = [.. expected.EnumerateArray().Select(e => e.GetDouble())];
        wanted[^1] = Math.Sqrt(wanted[^1]);
        double[] found = [.. values.Take(wanted.Length - 2), values.Sum(), Math.Sqrt(values.Sum(v => v * v))];
        Assert.Equal(wanted.Length, found.Length);
        for (var i = 0; i < wanted.Length; i++)
        {
            var scale = (wanted[^1] + 1e-12) * (i == wanted.Length - 2 ? Math.Sqrt(values.Length) : 1);
            Assert.True(Math.Abs(wanted[i] - found[i]) <= tolerance * scale, $"{what}[{i}]: PyTorch {wanted[i]:G9}, here {found[i]:G9}");
        }
    }
}
