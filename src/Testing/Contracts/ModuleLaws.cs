using Osteon.Models;
using Osteon.Torch;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Testing;

/// <summary>What holds for every module that is trained, whatever it computes. Faults are told by the parameter's key.</summary>
internal static class ModuleLaws
{
    private const int Shown = 8;

    /// <summary>A value for each element in [-1, 1], the same for a shape always, and no sum, mean or symmetry of which is nothing.</summary>
    public static Tensor Wave(params long[] shape) => arange(shape.Aggregate(1L, (a, b) => a * b), dtype: ScalarType.Float32).add_(1).mul_(0.7).sin_().view(shape);

    /// <summary>Moves every parameter a little, so that branches whose last scale starts at nothing let gradient through, and biases are seen.</summary>
    public static void Stir(Module module)
    {
        using var untracked = no_grad();
        foreach (var parameter in module.parameters().Where(p => p.numel() > 0))
        {
            using var wave = Wave(parameter.shape);
            parameter.add_(wave, alpha: 0.02);
        }
    }

    /// <summary>A step of training reaches every parameter: each has a gradient, of numbers, and, but for biases, not of zeros alone.</summary>
    /// <param name="what">The module, as messages name it.</param>
    /// <param name="module">Trained here: its running statistics change.</param>
    /// <param name="outputs">What it gives, computed in training mode.</param>
    /// <param name="spared">Keys of parameters that its reference has and does not use.</param>
    public static void GradientReachesEveryParameter(string what, Module module, Func<IEnumerable<Tensor>> outputs, Func<string, bool> spared)
    {
        using var scope = NewDisposeScope();
        module.train();
        module.apply(part =>
        {
            if (part is TorchSharp.Modules.Dropout or TorchSharp.Modules.Dropout2d or TorchSharp.Modules.Dropout3d or DropPath)
            {
                part.eval();                                        // what is dropped gets none, by chance
            }
        });
        module.zero_grad();
        var loss = outputs().Where(output => output.numel() > 0).Select(output => (output * Wave(output.shape)).sum()).Aggregate((a, b) => a + b);
        Assert.True(double.IsFinite(loss.item<float>()), $"{what}: training gives {loss.item<float>()} where a number is due.");
        loss.backward();
        string[] faults = [.. module.named_parameters().Where(p => p.parameter.requires_grad).Select(p => (p.name, Fault: Unreached(p.name, p.parameter)))
            .Where(p => (p.Fault is not null) != spared(p.name))
            .Select(p => $"{p.name} {p.Fault ?? "gets a gradient, though it is spared"}")];
        Assert.True(faults.Length == 0, $"{what}: gradient must reach every parameter. {Listed(faults)}");
        module.zero_grad();
    }

    /// <summary>In evaluation mode the same input gives the same bits, one image of a batch gives what it gives alone, and nothing the module holds changes.</summary>
    public static void EvaluationIsDeterministic(string what, Module module, Func<Tensor, IReadOnlyList<Tensor>> forward, Tensor input)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        module.eval();
        var before = module.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        var kept = input.clone();
        var first = Values(forward(input));
        Assert.Equal(first, Values(forward(input)));
        Assert.True(kept.equal(input), $"{what}: evaluation writes into the image it is given.");
        string[] changed = [.. module.state_dict().Where(entry => !Same(entry.Value, before[entry.Key])).Select(entry => entry.Key)];
        Assert.True(changed.Length == 0, $"{what}: evaluation changes what the module holds. {Listed(changed)}");

        var (together, alone) = (forward(input), forward(input.narrow(0, 0, 1)));
        for (var i = 0; i < alone.Count; i++)
        {
            if (alone[i].numel() > 0)
            {
                var whole = together[i].narrow(0, 0, 1);
                var off = (alone[i] - whole).abs().max().item<float>();
                var most = whole.abs().max().item<float>();
                Assert.True(off <= 1e-3 * most, $"{what}: in evaluation, output {i} of an image is {off:G3} away from what it is in a batch, of {most:G3} at most.");
            }
        }
    }

    /// <summary>What is saved, and loaded into another instance, gives the same bits.</summary>
    public static void SavedAndLoadedGivesTheSame<T>(T module, Func<T> another, Func<T, IReadOnlyList<Tensor>> forward)
        where T : Module
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var folder = Directory.CreateTempSubdirectory("osteon-contract-");
        try
        {
            var file = Path.Combine(folder.FullName, "weights.safetensors");
            Weights.Save(module, file);
            using var loaded = Built(another);
            Assert.Equal(module.state_dict().Keys, loaded.state_dict().Keys);
            Weights.Load(loaded, file);
            module.eval();
            loaded.eval();
            Assert.Equal(Values(forward(module)), Values(forward(loaded)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A forward pass leaves nothing in the caller's scope but what it returns.</summary>
    public static void LeavesNothingBehind(string what, Module module, Func<IReadOnlyList<Tensor>> forward, Tensor input)
    {
        using var untracked = no_grad();
        module.eval();
        using var scope = NewDisposeScope();
        var fresh = forward().Where(output => !ReferenceEquals(output, input)).Distinct(ReferenceEqualityComparer.Instance).Count();
        Assert.True(scope.DisposablesCount == fresh, $"{what}: a forward pass returns {fresh} tensors and leaves {scope.DisposablesCount} in the caller's scope.");
    }

    /// <summary>A module whose weights a file fills, or whose shapes alone are looked at: they are whatever its memory held.</summary>
    public static T Built<T>(Func<T> create)
    {
        using var undrawn = Undrawn.Scope();
        return create();
    }

    private static float[][] Values(IReadOnlyList<Tensor> outputs) => [.. outputs.Select(output => output.contiguous().data<float>().ToArray())];

    private static bool Same(Tensor a, Tensor b) => a.numel() == 0 || a.equal(b);

    // A bias before batch normalisation moves nothing, and may get zeros.
    private static string? Unreached(string key, Parameter parameter) => parameter.grad is not { } grad
        ? "gets none"
        : grad.abs().max().item<float>() switch
        {
            0 when !key.EndsWith("bias", StringComparison.Ordinal) => "gets zeros alone",
            var most when !float.IsFinite(most) => $"gets {most}",
            _ => null,
        };

    private static string Listed(string[] faults) => $"{string.Join("; ", faults.Take(Shown))}{(faults.Length > Shown ? $"; and {faults.Length - Shown} more" : string.Empty)}.";
}
