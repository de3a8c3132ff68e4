using System.Text.RegularExpressions;
using Osteon.Testing;

namespace Osteon.Acceptance.Tests;

/// <summary>Every command the README shows is run, made small where it would take minutes.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string[] Small =
    [
        "--set", "data.synthesize={hand-bone: {patients: 4, test_patients: 1, size: 128, seed: 5}}",
        "--set", "convert.size=64", "--set", "train.epochs=1",
        "--set", "models={unet-r18: {architecture: {Unet: {encoder_depth: 3, decoder_channels: [16, 8, 8]}}, encoder: resnet18}, unet: null}",
    ];

    private static readonly string[] SmallMicrographs =
        ["--set", "train.epochs=1", "--set", "train.repeat=1", "--set", "train.crop=64", "--set", "models={unet: {architecture: {PlainUnet: {width: 4, depth: 2}}}}"];

    public static TheoryData<string> Commands() => [.. ShellBlocks()
        .SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .Select(line => line.Split('#')[0].Trim())
        .Where(line => line.Length > 0)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Runs_as_printed(string command)
    {
        var words = command.Split(' ');
        Assert.True(words[0] == "./build.sh" || words is ["dotnet", "cake", ..], $"'{command}' is no command of ours");
        var arguments = words[(words[0] == "dotnet" ? 2 : 1)..];
        if (arguments is ["--target=Test"])
        {
            return;                                                 // that is how this test was started
        }

        using var workspace = new Workspace();
        workspace.CopyExperiments();
        var micrographs = Array.FindIndex(arguments, a => a.StartsWith("data.source.root=", StringComparison.Ordinal));
        if (micrographs >= 0)
        {
            arguments[micrographs] = $"data.source.root={SharedData.Path("data/isbi-em")}";
        }

        var trained = arguments.Contains("--model=quickstart");
        if (trained)
        {
            workspace.Expect(0, ["--target=Train", "--experiment=quickstart", .. Small]);
            var image = Directory.GetFiles(workspace.At(".osteon", "cache", "Synthesize"), "*.png", SearchOption.AllDirectories).Order().First();
            Directory.CreateDirectory(workspace.At("data", "new"));
            File.Copy(image, workspace.At("data", "new", "a.png"));
        }

        workspace.Expect(0, [.. arguments, .. trained || arguments.Contains("--experiment=quickstart") ? Small : micrographs >= 0 ? SmallMicrographs : []]);
    }

    private static IEnumerable<string> ShellBlocks() =>
        ShellBlock().Matches(File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "README.md"))).Select(m => m.Groups["lines"].Value);

    [GeneratedRegex(@"```sh\n(?<lines>.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();
}
