using System.Reflection;
using System.Runtime.CompilerServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Module = TorchSharp.torch.nn.Module;

namespace Osteon.Torch.Tests;

/// <summary>Use after dispose is an <see cref="ObjectDisposedException"/> at every public entry, found by reflection so that a new one is not forgotten.</summary>
public sealed class DisposedTests : IDisposable
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
    private static readonly string[] s_stillGood = ["Dispose", "ToString", "Equals", "GetHashCode", "GetType", "get_IsInvalid"];
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Of_a_tensor()
    {
        var gone = ones(2);
        gone.Dispose();
        var entries = typeof(Tensor).GetMethods(Own).Concat(typeof(Tensor).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(m => m.Name.StartsWith("op_", StringComparison.Ordinal))).ToArray();
        Assert.InRange(Refused(gone, entries), 200, int.MaxValue);
        Assert.Throws<ObjectDisposedException>(() => gone.bytes.Length);
        Assert.Throws<ObjectDisposedException>(() => gone[0]);
    }

    [Fact]
    public void Of_a_module()
    {
        var gone = Sequential(Linear(2, 2), ReLU());
        gone.Dispose();
        Assert.InRange(Refused(gone, Entries(gone, typeof(Module)).Where(m => m.Name is not ("GetName" or "get_training"))), 20, int.MaxValue);
        Assert.Throws<ObjectDisposedException>(() => gone.forward(ones(1, 2)));
        Assert.Throws<ObjectDisposedException>(() => gone.to(ScalarType.Float64));
    }

    [Fact]
    public void Of_a_layer_without_parameters()
    {
        var gone = ReLU();
        gone.Dispose();
        Assert.Throws<ObjectDisposedException>(() => gone.call(ones(2)));
    }

    [Fact]
    public void Of_an_optimizer()
    {
        using var layer = Linear(2, 2);
        optim.Optimizer[] all = [optim.SGD(layer.parameters(), 1), optim.Adam(layer.parameters()), optim.AdamW(layer.parameters()), optim.RMSProp(layer.parameters())];
        foreach (var gone in all)
        {
            gone.Dispose();
            Assert.InRange(Refused(gone, Entries(gone, typeof(optim.Optimizer))), 6, int.MaxValue);
        }
    }

    [Fact]
    public void Of_a_scope()
    {
        var gone = NewDisposeScope();
        gone.Dispose();
        Assert.InRange(Refused(gone, typeof(DisposeScope).GetMethods(Own)), 5, int.MaxValue);
    }

    [Fact]
    public void Of_a_generator()
    {
        var gone = new Generator(1);
        gone.Dispose();
        Assert.InRange(Refused(gone, typeof(Generator).GetMethods(Own)), 4, int.MaxValue);
    }

    private static MethodInfo[] Entries(object of, Type root) =>
        [.. of.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(m => root.IsAssignableFrom(m.DeclaringType) && m.GetBaseDefinition().DeclaringType is { } declared && root.IsAssignableFrom(declared) && declared.IsAbstract)];

    private static int Refused(object gone, IEnumerable<MethodInfo> entries)
    {
        var tried = 0;
        var wrong = new List<string>();
        // A span cannot be passed by reflection.
        foreach (var entry in entries.Where(m => !s_stillGood.Contains(m.Name) && !m.ReturnType.IsByRefLike && !m.GetParameters().Any(p => p.ParameterType.IsByRefLike)))
        {
            var method = entry.IsGenericMethodDefinition ? entry.MakeGenericMethod(entry.GetGenericArguments()[0].IsAssignableTo(typeof(Tensor)) || entry.GetParameters().Length > 0 ? typeof(Tensor) : typeof(float)) : entry;
            var arguments = method.GetParameters().Select(p => gone is Tensor && method.IsStatic && p.ParameterType == typeof(Tensor) ? gone : Sample(p.ParameterType)).ToArray();
            tried++;
            try
            {
                var result = method.Invoke(method.IsStatic ? null : gone, arguments);
                if (result is System.Collections.IEnumerable lazy)
                {
                    foreach (var _ in lazy)
                    {
                    }
                }

                wrong.Add($"{method} did not throw");
            }
            catch (TargetInvocationException e) when (e.InnerException is ObjectDisposedException)
            {
            }
            catch (ObjectDisposedException)
            {
            }
            catch (TargetInvocationException e)
            {
                wrong.Add($"{method} threw {e.InnerException!.GetType().Name}: {e.InnerException.Message}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        return tried;
    }

    private static object? Sample(Type type) =>
        Nullable.GetUnderlyingType(type) is { } value ? Sample(value)
        : type == typeof(Tensor) ? ones(2)
        : type == typeof(Parameter) ? Parameter(ones(2))
        : type == typeof(Tensor[]) || type == typeof(IReadOnlyList<Tensor>) || type == typeof(IEnumerable<Tensor>) ? new[] { ones(2) }
        : type == typeof(IEnumerable<Parameter>) ? new[] { Parameter(ones(2)) }
        : type == typeof(Module) ? ReLU()
        : type == typeof(Action<Module>) ? (Action<Module>)(_ => { })
        : type == typeof(IReadOnlyDictionary<string, Tensor>) ? new Dictionary<string, Tensor>()
        : type == typeof(Scalar) ? (Scalar)1
        : type == typeof(Device) ? CPU
        : type == typeof(ScalarType) ? ScalarType.Float64
        : type == typeof(string) ? "cpu"
        : type == typeof(long[]) ? new long[] { 0 }
        : type == typeof(int[]) ? new[] { 0 }
        : type.IsValueType ? RuntimeHelpers.GetUninitializedObject(type)
        : type.IsAssignableTo(typeof(ParamGroup)) ? Activator.CreateInstance(type, [new[] { Parameter(ones(2)) }, null])
        : null;
}
