using Osteon.Abstractions;
using Osteon.Runner.Configuration;

namespace Osteon.Runner.Tests;

/// <summary>Files that architectures are made of: what they hold counts, not where they lie.</summary>
public sealed class NetworkFilesTests : IDisposable
{
    private readonly ExperimentFolder _folder = new();

    public NetworkFilesTests()
    {
        foreach (var plugin in (string[])["Architectures.TorchScript.dll", "Formats.HandBone.dll", "Losses.Segmentation.dll"])
        {
            Directory.CreateDirectory(Path.Combine(_folder.Root, "plugins"));
            File.Copy(Path.Combine(AppContext.BaseDirectory, plugin), Path.Combine(_folder.Root, "plugins", plugin));
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_that_an_option_names_is_an_input_of_training_and_of_prediction()
    {
        using var session = Open("{file: exported/model.pt, size_multiple: 8}");
        var expected = ("architecture.file", Path.Combine(_folder.Root, "exported/model.pt"));
        Assert.Equal([expected], NetworkFactory.FilesToBuild(session, session.Plan.Models["net"]));
        Assert.Equal([("weights", Path.Combine(_folder.Root, "start.pth")), expected], NetworkFactory.FilesToTrain(session, session.Plan.Models["net"]));
    }

    [Fact]
    public void Where_it_lies_is_no_fact()
    {
        using var here = Open("{file: model.pt, size_multiple: 8}");
        using var there = Open("{file: /elsewhere/other.pt, size_multiple: 8}");
        const string Facts = """{"architecture":{"TorchScript":{"size_multiple":8}}}""";
        Assert.Equal(Facts, CanonicalJson.Text(NetworkFactory.FactsOf(here, here.Plan.Models["net"])));
        Assert.Equal(Facts, CanonicalJson.Text(NetworkFactory.FactsOf(there, there.Plan.Models["net"])));
    }

    [Fact]
    public void The_plugin_gets_the_full_path()
    {
        using var session = Open("{file: exported/model.pt}");
        var message = Assert.Throws<DataException>(() => new NetworkFactory(session, session.Plan.Models["net"]).Build(2)).Message;
        Assert.StartsWith($"{Path.Combine(_folder.Root, "exported/model.pt")}: cannot be loaded as TorchScript", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_architecture_without_files_has_none()
    {
        using var session = Open("{size_multiple: 8}");
        Assert.Empty(NetworkFactory.FilesToBuild(session, session.Plan.Models["net"]));
    }

    private ExperimentSession Open(string options)
    {
        _folder.Write("e.yaml", $"data: {{format: hand-bone, source: {{root: data}}}}\nmodels: {{net: {{architecture: {{TorchScript: {options}}}, weights: start.pth}}}}\n");
        return ExperimentSession.Open(new SessionOptions { Experiment = "e", Root = _folder.Root }, new Silence(), TimeProvider.System);
    }

    internal sealed class Silence : IConsoleLog
    {
        public void Result(string line)
        {
        }

        public void Info(string line)
        {
        }

        public void Verbose(string line)
        {
        }

        public void Warn(string line)
        {
        }

        public IProgressLine Progress(string title) => throw new NotSupportedException();
    }
}
