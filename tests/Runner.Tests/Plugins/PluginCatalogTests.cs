using System.Reflection;
using Osteon.Abstractions;
using Osteon.Runner.Plugins;

namespace Osteon.Runner.Tests;

public sealed class PluginCatalogTests : IDisposable
{
    private readonly PluginFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Made/Made.dll")]
    [InlineData("Made.dll")]
    public void Finds_a_plugin_in_its_folder_or_dropped_in(string file)
    {
        _folder.Write(file, "hands");
        var catalog = _folder.Load();
        var info = Assert.Single(catalog.All);
        Assert.Equal((null, "1.2.3"), (info.Failure, info.Version));
        Assert.Equal(new PluginClaim(PluginKind.Of<Synthesizer>(), "hands", "Made.Plugin"), Assert.Single(info.Claims));
        Assert.Equal(["hands"], catalog.Names(PluginKind.Of<Synthesizer>()));
        Assert.Equal("Made.Plugin", catalog.Create<Synthesizer>(new Choice("hands")).GetType().FullName);
        Assert.Null(catalog.OptionsTypeOf<Synthesizer>("hands"));
    }

    [Fact]
    public void Runs_nothing_before_a_plugin_is_asked_for()
    {
        _folder.Write("Made.Quiet.dll", "quiet");
        var catalog = _folder.Load();
        Assert.DoesNotContain(AppDomain.CurrentDomain.GetAssemblies(), a => a.GetName().Name == "Made.Quiet");
        catalog.Create<Synthesizer>(new Choice("quiet"));
        Assert.Contains(AppDomain.CurrentDomain.GetAssemblies(), a => a.GetName().Name == "Made.Quiet");
    }

    [Fact]
    public void Takes_contracts_from_the_host_whatever_lies_beside_the_plugin()
    {
        _folder.Write("Made/Made.dll", "hands");
        var before = _folder.Load().Digest(PluginKind.Of<Synthesizer>(), "hands");
        File.Copy(typeof(Synthesizer).Assembly.Location, _folder.PathOf("Made/Osteon.Abstractions.dll"));
        var catalog = _folder.Load();
        Assert.IsType<Synthesizer>(catalog.Create<Synthesizer>(new Choice("hands")), exactMatch: false);
        Assert.Equal(before, catalog.Digest(PluginKind.Of<Synthesizer>(), "hands"));
    }

    [Fact]
    public void Refuses_a_name_that_two_plugins_claim_and_names_both()
    {
        var first = _folder.Write("A.dll", "hands");
        var second = _folder.Write("B/B.dll", "hands");
        var catalog = _folder.Load();
        var e = Assert.Throws<ConfigurationException>(() => catalog.Create<Synthesizer>(new Choice("hands")));
        Assert.Equal($"synthesizer 'hands' is claimed twice, by Made.Plugin in {second} and Made.Plugin in {first}. Remove or rename one.", e.Message);
        Assert.Equal([e.Message], catalog.Conflicts);
    }

    [Fact]
    public void Lets_the_others_work_beside_two_that_claim_one_name()
    {
        _folder.Write("A.dll", "hands");
        _folder.Write("B.dll", "hands");
        _folder.Write("C.dll", "feet");
        Assert.NotNull(_folder.Load().Create<Synthesizer>(new Choice("feet")));
    }

    [Fact]
    public void Tells_a_missing_dependency_though_the_host_has_it()
    {
        _folder.Write("Made.dll", "hands", needs: typeof(FsCheck.Config));
        var e = Assert.Throws<ConfigurationException>(() => _folder.Load().Create<Synthesizer>(new Choice("hands")));
        Assert.StartsWith("synthesizer 'hands' is in Made.dll, which is not loaded: Made.dll needs FsCheck 3.", e.Message, StringComparison.Ordinal);
        Assert.Contains("which is not in its folder; publish the plugin with its dependencies", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_a_dependency_in_the_plugins_folder()
    {
        _folder.Write("Made/Made.dll", "hands", needs: typeof(FsCheck.Config));
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "FS*.dll").Concat(Directory.EnumerateFiles(AppContext.BaseDirectory, "Fs*.dll")).Distinct())
        {
            File.Copy(file, _folder.PathOf($"Made/{Path.GetFileName(file)}"));
        }

        var made = _folder.Load().Create<Synthesizer>(new Choice("hands")).GetType();
        var field = made.GetField("_needed", BindingFlags.NonPublic | BindingFlags.Instance)!;
        Assert.Equal(typeof(FsCheck.Config).FullName, field.FieldType.FullName);
        Assert.NotEqual(typeof(FsCheck.Config), field.FieldType);                                  // the plugin's own copy
    }

    [Fact]
    public void Tells_a_damaged_dependency()
    {
        _folder.Write("Made/Made.dll", "hands", needs: typeof(FsCheck.Config));
        File.WriteAllText(_folder.PathOf("Made/FsCheck.dll"), "no assembly");
        Assert.Contains("FsCheck.dll", Assert.Single(_folder.Load().All).Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("99.0", "update the runner, or build the plugin against its DLLs")]
    [InlineData("0.99", "update the runner, or build the plugin against its DLLs")]
    public void Tells_a_plugin_built_against_other_contracts(string version, string advice)
    {
        var have = typeof(Synthesizer).Assembly.GetName().Version!.ToString(3);
        var path = _folder.Write("Made.dll", "hands");
        PluginFolder.Rewrite(path, typeof(Synthesizer).Assembly.GetName().Name!, Version.Parse(version));
        Assert.Equal($"needs Osteon.Abstractions {version}.0, this runner has {have}; {advice}", Assert.Single(_folder.Load().All).Failure);
    }

    [Fact]
    public void Refuses_a_plugin_that_reaches_into_the_runner()
    {
        Assert.SkipWhen(typeof(PluginCatalog).Assembly == typeof(Synthesizer).Assembly, "runner and contracts are one assembly here");
        _folder.Write("Made.dll", "hands", needs: typeof(PluginCatalog));
        Assert.StartsWith("needs Osteon.Runner, which plugins may not use", Assert.Single(_folder.Load().All).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_what_was_meant_what_there_is_and_what_did_not_load()
    {
        _folder.Write("A.dll", "hands");
        File.WriteAllText(_folder.PathOf("Broken.dll"), "MZ no more");
        var e = Assert.Throws<ConfigurationException>(() => _folder.Load().Create<Synthesizer>(new Choice("hadns")));
        Assert.Matches(@"^synthesizer 'hadns' is unknown; nearest is 'hands'\. Known: hands\. Not loaded: Broken\.dll \(.+; build or copy it again\)\.$", e.Message);
    }

    [Fact]
    public void Says_when_no_plugin_brings_a_kind() => Assert.Equal(
        "encoder 'resnet18' is unknown. No plugin brings any encoder.",
        Assert.Throws<ConfigurationException>(() => _folder.Load().Create<Encoder>(new Choice("resnet18"))).Message);

    [Fact]
    public void Keeps_names_of_one_kind_apart_from_those_of_another()
    {
        _folder.Write("A.dll", "hands");
        Assert.Throws<ConfigurationException>(() => _folder.Load().Create<Loss>(new Choice("hands")));
    }

    [Fact]
    public void Records_any_truncated_dll_as_a_failure()
    {
        var whole = File.ReadAllBytes(_folder.Write("Whole.dll", "hands"));
        for (var i = 0; i < 40; i++)
        {
            File.WriteAllBytes(_folder.PathOf($"Cut{i:00}.dll"), whole[..(whole.Length * i / 40)]);
        }

        var infos = _folder.Load().All.Where(p => Path.GetFileName(p.File).StartsWith("Cut", StringComparison.Ordinal)).ToArray();
        Assert.Equal(40, infos.Length);
        Assert.All(infos, p => Assert.NotNull(p.Failure));
    }

    [Fact]
    public void Records_any_damaged_dll_without_falling_over()
    {
        var whole = File.ReadAllBytes(_folder.Write("Whole.dll", "hands"));
        var random = RandomStream.For(3, "damage");
        for (var i = 0; i < 200; i++)
        {
            var bytes = whole.ToArray();
            for (var k = 0; k < 8; k++)
            {
                bytes[random.NextInt(bytes.Length)] = (byte)random.NextInt(256);
            }

            File.WriteAllBytes(_folder.PathOf($"Hurt{i:000}.dll"), bytes);
        }

        Assert.Equal(201, _folder.Load().All.Count);
    }

    [Fact]
    public void Records_a_dll_that_names_no_plugin()
    {
        _folder.Write("Library.dll", name: null);
        Assert.StartsWith("no class in it carries a plugin's name", Assert.Single(_folder.Load().All).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_a_plugin_class_that_cannot_be_made()
    {
        _folder.Write("Hidden.dll", "hands", visibility: TypeAttributes.NotPublic);
        Assert.Equal("its class Made.Plugin is the synthesizer 'hands', but is not public, or is nested, abstract or generic", Assert.Single(_folder.Load().All).Failure);
    }

    [Fact]
    public void Records_a_folder_that_is_not_named_as_its_dll()
    {
        _folder.Write("Renamed/Made.dll", "hands");
        Assert.Equal("its folder has no Renamed.dll; rename the folder to the plugin's DLL", Assert.Single(_folder.Load().All).Failure);
    }

    [Fact]
    public void Passes_over_folders_of_sources()
    {
        File.WriteAllText(_folder.PathOf("Encoders.Mine/Encoders.Mine.csproj"), "<Project />");
        Assert.Empty(_folder.Load().All);
    }

    [Fact]
    public void Names_the_copy_by_the_digest_of_its_contents_and_makes_it_once()
    {
        _folder.Write("Made/Made.dll", "hands");
        File.WriteAllText(_folder.PathOf("Made/table.txt"), "1");
        var kind = PluginKind.Of<Synthesizer>();
        var first = _folder.Load().Digest(kind, "hands");
        File.WriteAllText(_folder.PathOf("Made/Made.pdb"), "symbols change nothing");
        Assert.Equal(first, _folder.Load().Digest(kind, "hands"));
        File.WriteAllText(_folder.PathOf("Made/table.txt"), "2");
        var second = _folder.Load().Digest(kind, "hands");
        Assert.NotEqual(first, second);
        Assert.Equal(
            new[] { first[..16], second[..16] }.Order(StringComparer.Ordinal),
            Directory.EnumerateDirectories(Path.Combine(_folder.Shadows, "Made")).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal));
        Assert.Equal(["Made.dll", "table.txt"], Directory.EnumerateFiles(Path.Combine(_folder.Shadows, "Made", second[..16])).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Runs_the_copy_so_that_a_rebuild_does_not_touch_it()
    {
        var path = _folder.Write("Made.dll", "hands");
        var catalog = _folder.Load();
        File.WriteAllText(path, "half a build");
        Assert.StartsWith(_folder.Shadows, catalog.Create<Synthesizer>(new Choice("hands")).GetType().Assembly.Location, StringComparison.Ordinal);
    }

    [Fact]
    public void Knows_every_extension_point_of_the_contracts() => Assert.Equal(
        typeof(PluginAttribute).Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(PluginAttribute))).Select(t => t.Name).Order(StringComparer.Ordinal),
        PluginKind.All.Select(k => k.Attribute.Name).Order(StringComparer.Ordinal));
}
