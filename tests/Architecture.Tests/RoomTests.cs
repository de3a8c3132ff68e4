namespace Osteon.Architecture.Tests;

/// <summary>References point only down; each room names all it may see, directly or through another.</summary>
public sealed class RoomTests
{
    private static readonly string[] Engine =
        ["Runner", "Reporting", "Training", "Inference", "Checking", "Tracking", "Models", "Imaging", "Volumes", "Annotations", "Datasets", "Abstractions", "Masks", "Metrics", "Torch"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["src/Torch/Torch.csproj"] = [],
        ["src/Masks/Masks.csproj"] = [],
        ["src/Metrics/Metrics.csproj"] = [],
        ["src/Frosting/Frosting.csproj"] = [],
        ["src/Abstractions/Abstractions.csproj"] = ["Torch", "Masks"],
        ["src/Imaging/Imaging.csproj"] = ["Abstractions", "Torch", "Masks"],
        ["src/Volumes/Volumes.csproj"] = ["Abstractions", "Torch", "Masks"],
        ["src/Annotations/Annotations.csproj"] = ["Imaging", "Abstractions", "Torch", "Masks"],
        ["src/Models/Models.csproj"] = ["Abstractions", "Torch", "Masks"],
        ["src/Datasets/Datasets.csproj"] = ["Abstractions", "Torch", "Masks"],
        ["src/Tracking/Tracking.csproj"] = ["Abstractions", "Torch", "Masks"],
        ["src/Testing/Testing.csproj"] = ["Abstractions", "Torch", "Masks", "Models", "Imaging"],
        ["src/Training/Training.csproj"] = ["Models", "Datasets", "Imaging", "Abstractions", "Torch", "Masks", "Metrics"],
        ["src/Checking/Checking.csproj"] = ["Datasets", "Imaging", "Abstractions", "Torch", "Masks"],
        ["src/Inference/Inference.csproj"] = ["Models", "Datasets", "Imaging", "Volumes", "Abstractions", "Torch", "Masks"],
        ["src/Reporting/Reporting.csproj"] = ["Imaging", "Datasets", "Abstractions", "Torch", "Masks", "Metrics"],
        ["src/Viewer/Viewer.csproj"] = ["Reporting", "Tracking", "Datasets", "Imaging", "Abstractions", "Torch", "Masks", "Metrics"],
        ["src/Runner/Runner.csproj"] = [.. Engine.Except(["Runner"])],
        ["build/Build.csproj"] = [.. Engine, "Viewer"],
    };

    private static readonly string[] AllowedToPlugins = ["Abstractions", "Torch", "Imaging", "Volumes", "Annotations", "Masks", "Models"];

    public static TheoryData<string> Rooms => [.. Repository.Projects.Where(project => project.Folder is "src" or "build").Select(project => project.Path)];

    public static TheoryData<string> Plugins => [.. Repository.Projects.Where(project => project.Folder is "plugins").Select(project => project.Path)];

    public static TheoryData<string> Projects => [.. Repository.Projects.Select(project => project.Path)];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_references_only_rooms_below_it(string room)
    {
        Assert.True(Allowed.ContainsKey(room), $"{room} is a new room: say in this test what it may reference.");
        Offenders.None(Repository.Project(room).References.Except(Allowed[room]));
    }

    [Theory]
    [MemberData(nameof(Plugins))]
    public void A_plugin_references_only_what_the_host_shares_with_it(string plugin) =>
        Offenders.None(Repository.Project(plugin).References.Except(AllowedToPlugins));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_the_build_sees_the_Frosting_layer(string project)
    {
        var imports = Repository.Project(project).Document.Descendants("Import").Select(import => (string?)import.Attribute("Project"));
        var seesCake = imports.Any(import => import?.EndsWith("Cake.targets", StringComparison.Ordinal) == true) || Repository.Project(project).References.Contains("Frosting");
        Assert.Equal(project is "build/Build.csproj" or "src/Frosting/Frosting.csproj" or "tests/Build.Tests/Build.Tests.csproj", seesCake);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_project_is_in_the_solution(string project) =>
        Assert.Contains($"\"{project.Replace('/', '\\')}\"", Repository.Text("Runner.sln").Replace('/', '\\'), StringComparison.Ordinal);

    [Fact]
    public void No_room_below_the_build_names_Cake() =>
        Offenders.None(Repository.With(".cs").Where(file => file.StartsWith("src/", StringComparison.Ordinal) && !file.StartsWith("src/Frosting/", StringComparison.Ordinal))
            .Where(file => Repository.Text(file).Contains("using Cake.", StringComparison.Ordinal)));
}
