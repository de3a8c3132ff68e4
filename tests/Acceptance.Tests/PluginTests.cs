using System.Diagnostics;

namespace Osteon.Acceptance.Tests;

/// <summary>A new encoder is one DLL dropped in: built elsewhere, trained with, and nothing recompiled.</summary>
public sealed class PluginTests
{
    [Fact]
    public void Trains_with_an_encoder_built_outside_the_solution()
    {
        using var workspace = TinyExperiment.Open(models: 1, folds: 1, encoder: "two-scales");
        Assert.Contains("two-scales", workspace.Expect(2, "--target=Train", "--experiment=tiny"), StringComparison.Ordinal);

        File.Copy(BuildEncoder(workspace), workspace.At("plugins", "TwoScales.dll"));

        Assert.Contains("TwoScales.dll", workspace.Expect(0, "--target=Plugins"), StringComparison.Ordinal);
        Assert.Contains("Train: 1 run", workspace.Expect(0, "--target=Train", "--experiment=tiny"), StringComparison.Ordinal);
        Assert.Contains("encoder two-scales", File.ReadAllText(workspace.At("experiments", "tiny.lock.json")), StringComparison.Ordinal);
    }

    private static string BuildEncoder(Workspace workspace)
    {
        workspace.Write("encoder/TwoScales.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <EnableDynamicLoading>true</EnableDynamicLoading>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="Osteon.Abstractions" HintPath="{Workspace.ProgramFolder}/Osteon.Abstractions.dll" Private="false" />
                <Reference Include="Osteon.Torch" HintPath="{Workspace.ProgramFolder}/Osteon.Torch.dll" Private="false" />
              </ItemGroup>
            </Project>
            """);
        workspace.Write("encoder/TwoScalesEncoder.cs", """
            using Osteon.Abstractions;
            using TorchSharp.Modules;
            using static TorchSharp.torch;
            using static TorchSharp.torch.nn;

            namespace TwoScales;

            [Encoder("two-scales")]
            public sealed class TwoScalesEncoder : Encoder
            {
                private readonly Conv2d first, second, third;

                public TwoScalesEncoder(EncoderOptions options)
                    : base("two-scales", [options.InChannels, 8, 8, 16], [1, 2, 4, 8])
                {
                    first = Conv2d(options.InChannels, 8, 3, stride: 2, padding: 1);
                    second = Conv2d(8, 8, 3, stride: 2, padding: 1);
                    third = Conv2d(8, 16, 3, stride: 2, padding: 1);
                    RegisterComponents();
                }

                public override IReadOnlyList<Tensor> forward(Tensor input)
                {
                    var f1 = first.forward(input).relu();
                    var f2 = second.forward(f1).relu();
                    return [input, f1, f2, third.forward(f2).relu()];
                }
            }
            """);
        var start = new ProcessStartInfo("dotnet", ["build", workspace.At("encoder"), "-c", "Release", "-nologo", "-v", "quiet", "-o", workspace.At("encoder", "out")]) { RedirectStandardOutput = true };
        using var build = Process.Start(start)!;
        var output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        Assert.True(build.ExitCode == 0, output);
        return workspace.At("encoder", "out", "TwoScales.dll");
    }
}
