using System.Reflection;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Torch.Tests;

/// <summary>The rest of TorchSharp's names against PyTorch: outputs and gradients, and that a function, a method and its change in place agree.</summary>
public sealed class SurfaceTests : IDisposable
{
    private static readonly JsonElement s_golden = JsonDocument.Parse(typeof(SurfaceTests).Assembly.GetManifestResourceStream("surface.json")!).RootElement;

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Losses { get; } = [.. SurfaceCases.Losses.Keys];

    public static TheoryData<string> Others { get; } = [.. SurfaceCases.Others.Keys];

    public static TheoryData<string> Unary { get; } = [.. s_golden.GetProperty("unary").EnumerateObject().Select(p => p.Name)];

    public static TheoryData<string> Pairs { get; } = [.. s_golden.GetProperty("pairs").EnumerateObject().Select(p => p.Name)];

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Every_case_of_the_script_is_tested()
    {
        Assert.Equal(s_golden.GetProperty("losses").EnumerateObject().Select(p => p.Name), SurfaceCases.Losses.Keys);
        Assert.Equal(s_golden.GetProperty("others").EnumerateObject().Select(p => p.Name), SurfaceCases.Others.Keys);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void A_loss_or_layer_and_its_gradient_are_PyTorchs(string name) => Agrees("losses", name, SurfaceCases.Losses[name]);

    [Theory]
    [MemberData(nameof(Others))]
    public void An_operator_and_its_gradient_are_PyTorchs(string name) => Agrees("others", name, SurfaceCases.Others[name]);

    [Theory]
    [MemberData(nameof(Unary))]
    public void A_function_of_elements_is_PyTorchs_however_it_is_called(string name)
    {
        Agrees("unary", name, (x, _) => Call(typeof(Tensor), name, Lifted(name, x)));
        var input = Lifted(name, Parity.Wave([3, 5]));
        var expected = Call(typeof(Tensor), name, input);
        if (Find(typeof(torch), name, 1) is not null)
        {
            Assert.True(expected.equal(Call(typeof(torch), name, input)), "torch." + name);
        }

        if (Find(typeof(Tensor), name + "_", 0) is not null)
        {
            var changed = input.clone();
            Assert.Same(changed, Call(typeof(Tensor), name + "_", changed));
            Assert.True(changed.allclose(expected, 1e-6), name + "_");
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_function_of_two_tensors_is_PyTorchs_however_it_is_called(string name)
    {
        Agrees("pairs", name, (x, y) => Call(typeof(Tensor), name, x.sigmoid() + 0.5, y.sigmoid() + 0.5));
        if (Find(typeof(torch), name, 2) is not null)
        {
            var (x, y) = (Parity.Wave([3, 5]).sigmoid() + 0.5, Parity.Wave([3, 5], 2).sigmoid() + 0.5);
            Assert.True(Call(typeof(Tensor), name, x, y).equal(Call(typeof(torch), name, x, y)), "torch." + name);
        }
    }

    private static void Agrees(string part, string name, Func<Tensor, Tensor, Tensor> function)
    {
        var golden = s_golden.GetProperty(part).GetProperty(name);
        var x = Parity.Wave([3, 5]).requires_grad_();
        var y = Parity.Wave([3, 5], 2).requires_grad_();
        var z = function(x, y);
        Assert.Equal(golden.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64()), z.shape);
        Parity.Agrees(golden.GetProperty("output"), z, "output");
        if (z.requires_grad)
        {
            (z * Parity.Wave(z.shape, 1)).sum().backward();
        }

        foreach (var (which, tensor) in (ReadOnlySpan<(string, Tensor)>)[("x", x), ("y", y)])
        {
            if (golden.TryGetProperty(which, out var expected))
            {
                Parity.Agrees(expected, tensor.grad!, which, 1e-4);
            }
        }
    }

    /// <summary>Into the function's domain, as the script does.</summary>
    private static Tensor Lifted(string name, Tensor x) => name is "acosh" or "digamma" or "lgamma" ? x + 2.5 : (x.sigmoid() * 0.9) + 0.05;

    private static Tensor Call(Type owner, string name, params Tensor[] tensors)
    {
        var method = Find(owner, name, owner == typeof(torch) ? tensors.Length : tensors.Length - 1)!;
        object?[] given = method.IsStatic ? [.. tensors] : [.. tensors.Skip(1)];
        var rest = method.GetParameters().Skip(given.Length).Select(p => p.DefaultValue);
        return (Tensor)method.Invoke(method.IsStatic ? null : tensors[0], [.. given, .. rest])!;
    }

    /// <summary>The method whose first so many parameters are tensors and whose others have defaults.</summary>
    private static MethodInfo? Find(Type owner, string name, int tensors) => owner.GetMethods().FirstOrDefault(m => m.Name == name
        && m.GetParameters().Length >= tensors
        && m.GetParameters().Take(tensors).All(p => p.ParameterType == typeof(Tensor))
        && m.GetParameters().Skip(tensors).All(p => p.HasDefaultValue));
}
