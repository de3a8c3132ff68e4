using System.Globalization;
using System.Text.RegularExpressions;
using Osteon.Testing;

namespace Osteon.Acceptance.Tests;

/// <summary>The shipped experiments as they are, and how good they get; minutes each.</summary>
public sealed partial class QuickstartTests
{
    [Fact]
    public void Quickstart_reaches_a_mean_test_Dice_of_0_80()
    {
        using var workspace = Shipped();
        var output = workspace.Expect(0, "--target=Report", "--experiment=quickstart");
        Assert.InRange(Numbers(output, "ensemble")[0], 0.80, 1);
    }

    [Fact]
    public void Membranes_reach_a_Dice_of_0_70_and_pixels_an_accuracy_of_0_90()
    {
        var root = SharedData.Path("data/isbi-em");
        using var workspace = Shipped();
        var output = workspace.Expect(0, "--target=Report", "--experiment=isbi-em", "--set", $"data.source.root={root}");
        var numbers = Numbers(output, "ensemble");
        Assert.Contains("6 test cases  Dice  Dice membrane  Dice cell  IoU  pixel accuracy", Spaces().Replace(output, "  "), StringComparison.Ordinal);
        Assert.InRange(numbers[1], 0.70, 1);
        Assert.InRange(numbers[4], 0.90, 1);
    }

    private static Workspace Shipped()
    {
        var workspace = new Workspace();
        workspace.CopyExperiments();
        return workspace;
    }

    private static double[] Numbers(string output, string row) =>
    [
        .. Spaces().Split(output.Split('\n').Single(line => line.StartsWith($"{row} ", StringComparison.Ordinal)).Trim())
            .Skip(1).Select(number => double.Parse(number, CultureInfo.InvariantCulture)),
    ];

    [GeneratedRegex(" {2,}")]
    private static partial Regex Spaces();
}
