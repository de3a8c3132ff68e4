using Osteon.Abstractions;
using Xunit;

namespace Osteon.Testing;

/// <summary>
/// The laws every architecture keeps, for a plugin class at its default options, or at others that a test's <see cref="Create"/> gives:
/// <c>public sealed class MyNetTests : ArchitectureContract&lt;MyNet&gt;;</c> in a test project of xunit.v3.
/// </summary>
/// <typeparam name="T">Has one constructor, of nothing or of options.</typeparam>
public abstract class ArchitectureContract<T>
    where T : Architecture
{
    private const int InChannels = 3;

    /// <summary>The architecture to check.</summary>
    protected virtual T Create()
    {
        var constructor = Assert.Single(typeof(T).GetConstructors());
        return (T)constructor.Invoke([.. constructor.GetParameters().Select(options => Activator.CreateInstance(options.ParameterType))]);
    }

    /// <summary>The encoder it is checked over; one that needs none does not ask.</summary>
    /// <param name="options">What the architecture asks for, with the image's channels.</param>
    protected virtual Encoder Encoder(EncoderOptions options) => throw new InvalidOperationException($"{typeof(T).Name} asks for an encoder: override {nameof(Encoder)} in its test to say which.");

    /// <summary>Keys of parameters that the reference has and does not use: none, unless a test says otherwise.</summary>
    /// <param name="key">A parameter's key.</param>
    protected virtual bool IsSpared(string key) => false;

    /// <summary>See <see cref="ArchitectureLaws.OutputsAreAsDeclared"/>.</summary>
    [Fact]
    public void Outputs_are_as_declared_for_one_three_and_four_channels() => ArchitectureLaws.OutputsAreAsDeclared(Create(), Factory);

    /// <summary>See <see cref="ArchitectureLaws.LogitsStartWhereTheShapeSays"/>.</summary>
    [Fact]
    public void Logits_start_where_the_shape_says() => ArchitectureLaws.LogitsStartWhereTheShapeSays(Create(), Factory);

    /// <summary>See <see cref="ArchitectureLaws.GradientReachesEveryParameter"/>.</summary>
    [Fact]
    public void Gradient_reaches_every_parameter()
    {
        using var network = Build();
        ArchitectureLaws.GradientReachesEveryParameter(network, InChannels, IsSpared);
    }

    /// <summary>See <see cref="ArchitectureLaws.EvaluationIsDeterministic"/>.</summary>
    [Fact]
    public void Evaluation_is_deterministic()
    {
        using var network = Build();
        ArchitectureLaws.EvaluationIsDeterministic(network, InChannels);
    }

    /// <summary>See <see cref="ArchitectureLaws.SavedAndLoadedGivesTheSame"/>.</summary>
    [Fact]
    public void Weights_saved_and_loaded_give_the_same_logits()
    {
        using var network = Build();
        ArchitectureLaws.SavedAndLoadedGivesTheSame(network, InChannels, Build);
    }

    private Network Build() => Create().Build(new NetworkShape(InChannels, 2), Factory(InChannels));

    private EncoderFactory Factory(int inChannels) => asked => Encoder(asked with { InChannels = inChannels });
}
