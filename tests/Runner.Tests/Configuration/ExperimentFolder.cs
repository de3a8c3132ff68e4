using Osteon.Abstractions;
using Osteon.Runner.Configuration;

namespace Osteon.Runner.Tests;

/// <summary>A repository of nothing but experiments, gone with the test. base.yaml is complete and valid.</summary>
public sealed class ExperimentFolder : IDisposable
{
    public ExperimentFolder() => Write("base.yaml", """
        data:
          format: hand-bone
          source: {root: data/hands}
        models:
          unet-r18: {architecture: Unet, encoder: resnet18}
        """);

    public string Root { get; } = Directory.CreateTempSubdirectory("osteon-experiments-").FullName;

    public void Write(string file, string text)
    {
        var path = Path.Combine(Root, "experiments", file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public LoadedPlan Load(string name = "e", params string[] set) => ExperimentFile.Load(name, set, Root);

    /// <summary>Faults of e.yaml, which extends base.yaml in its first line.</summary>
    public IReadOnlyList<string> FaultsOf(string text, params string[] set)
    {
        Write("e.yaml", "extends: base.yaml\n" + text);
        return Assert.ThrowsAny<ConfigurationException>(() => Load("e", set)).Faults;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
