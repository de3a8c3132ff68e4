using System.Reflection;
using Osteon.Abstractions;
using Xunit;

namespace Osteon.Testing;

/// <summary>
/// The laws every encoder keeps, for each name of a plugin class:
/// <c>public sealed class ShallowResNet18EncoderTests : EncoderContract&lt;ShallowResNet18Encoder&gt;;</c> in a test project of xunit.v3.
/// </summary>
/// <typeparam name="T">Carries <see cref="EncoderAttribute"/>s, and has one constructor, of options.</typeparam>
public abstract class EncoderContract<T>
    where T : Encoder
{
    /// <summary>The names that the class carries.</summary>
    public static TheoryData<string> Names => [.. typeof(T).GetCustomAttributes<EncoderAttribute>().Select(attribute => attribute.Name)];

    /// <summary>Keys of parameters that a name's reference has and does not use: none, unless a test says otherwise.</summary>
    /// <param name="name">The encoder's name.</param>
    /// <param name="key">A parameter's key.</param>
    protected virtual bool IsSpared(string name, string key) => false;

    /// <summary>See <see cref="EncoderLaws.MapsAreAsDeclared"/>.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Maps_have_the_channels_and_strides_declared(string name) => EncoderLaws.MapsAreAsDeclared(Create, Asked(name));

    /// <summary>See <see cref="EncoderLaws.TakesOneThreeAndFourChannels"/>.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Takes_images_of_one_three_and_four_channels(string name) => EncoderLaws.TakesOneThreeAndFourChannels(Create, Asked(name));

    /// <summary>See <see cref="EncoderLaws.GradientReachesEveryParameter"/>.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_reaches_every_parameter(string name)
    {
        using var encoder = Create(Asked(name));
        EncoderLaws.GradientReachesEveryParameter(encoder, Asked(name).InChannels, key => IsSpared(name, key));
    }

    /// <summary>See <see cref="EncoderLaws.EvaluationIsDeterministic"/>.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Evaluation_is_deterministic(string name)
    {
        using var encoder = Create(Asked(name));
        EncoderLaws.EvaluationIsDeterministic(encoder, Asked(name).InChannels);
    }

    /// <summary>See <see cref="EncoderLaws.SavedAndLoadedGivesTheSame"/>.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_saved_and_loaded_give_the_same_maps(string name)
    {
        using var encoder = Create(Asked(name));
        EncoderLaws.SavedAndLoadedGivesTheSame(encoder, Asked(name).InChannels, () => Create(Asked(name)));
    }

    // Of the record that the constructor takes, with its own defaults.
    private static EncoderOptions Asked(string name)
    {
        var constructor = Assert.Single(typeof(T).GetConstructors());
        var options = (EncoderOptions)Activator.CreateInstance(Assert.Single(constructor.GetParameters()).ParameterType)!;
        return options with { Name = name };
    }

    private static Encoder Create(EncoderOptions options) =>
        (Encoder)Assert.Single(typeof(T).GetConstructors()).Invoke(BindingFlags.DoNotWrapExceptions, null, [options], null);
}
