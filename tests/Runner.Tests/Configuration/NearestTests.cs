using Osteon.Runner.Configuration;

namespace Osteon.Runner.Tests;

public sealed class NearestTests
{
    [Theory]
    [InlineData("resnet81", "resnet18")]          // neighbours swapped
    [InlineData("resnt18", "resnet18")]           // a letter left out
    [InlineData("resnet188", "resnet18")]         // one too many
    [InlineData("ResNet-18", "resnet18")]         // case costs nothing, a sign one
    [InlineData("unetplusplus", "UnetPlusPlus")]
    [InlineData("batch-size", "batch_size")]
    [InlineData("efficientnet", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void Finds_what_was_meant(string typed, string? meant) =>
        Assert.Equal(meant, Nearest.To(typed, ["resnet18", "resnet34", "UnetPlusPlus", "batch_size", "lr", "p"]));

    [Theory]
    [InlineData("lr", "lr", 0)]
    [InlineData("rl", "lr", 1)]
    [InlineData("q", "p", 1)]
    public void Is_shy_with_short_names(string typed, string candidate, int distance) =>
        Assert.Equal(distance < typed.Length ? candidate : null, Nearest.To(typed, [candidate]));

    [Fact]
    public void Prefers_the_first_of_two_equally_near() => Assert.Equal("aab", Nearest.To("aaa", ["aac", "aab"]));
}
