using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Osteon.Abstractions;
using Osteon.Runner.Plugins;

namespace Osteon.Runner.Tests;

/// <summary>A folder of plugin DLLs made on the spot, gone with the test.</summary>
public sealed class PluginFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("osteon-plugins-").FullName;

    public string Plugins => Directory.CreateDirectory(Path.Combine(_root, "plugins")).FullName;

    public string Shadows => Path.Combine(_root, "shadows");

    public PluginCatalog Load() => PluginCatalog.Load([Plugins, Path.Combine(_root, "absent")], Shadows);

    public string PathOf(string file)
    {
        var path = Path.Combine(Plugins, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>A DLL with one synthesizer that does nothing.</summary>
    /// <param name="file">Under the plugins folder.</param>
    /// <param name="name">The synthesizer's name; null leaves the class unnamed.</param>
    /// <param name="needs">A type that a field has, so that the DLL references its assembly.</param>
    /// <param name="visibility">The class's.</param>
    public string Write(string file, string? name, Type? needs = null, TypeAttributes visibility = TypeAttributes.Public)
    {
        var path = PathOf(file);
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(Path.GetFileNameWithoutExtension(file)) { Version = new Version(1, 2, 3, 0) }, typeof(object).Assembly);
        var type = assembly.DefineDynamicModule("main").DefineType("Made.Plugin", visibility | TypeAttributes.Class, typeof(Synthesizer));
        if (name is not null)
        {
            type.SetCustomAttribute(new CustomAttributeBuilder(typeof(SynthesizerAttribute).GetConstructors()[0], [name]));
        }

        if (needs is not null)
        {
            type.DefineField("_needed", needs, FieldAttributes.Private);
        }

        type.DefineDefaultConstructor(MethodAttributes.Public);
        var method = typeof(Synthesizer).GetMethod(nameof(Synthesizer.Synthesize))!;
        type.DefineMethod(method.Name, MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig, typeof(void), [.. method.GetParameters().Select(p => p.ParameterType)])
            .GetILGenerator().Emit(OpCodes.Ret);
        type.CreateType();
        assembly.Save(path);
        return path;
    }

    /// <summary>Makes a DLL believe it was built against another version of an assembly.</summary>
    public static void Rewrite(string path, string reference, Version version)
    {
        var bytes = File.ReadAllBytes(path);
        using var pe = new PEReader(new MemoryStream(bytes));
        var reader = pe.GetMetadataReader();
        var handle = reader.AssemblyReferences.Single(r => reader.GetString(reader.GetAssemblyReference(r).Name) == reference);
        var row = pe.PEHeaders.MetadataStartOffset + reader.GetTableMetadataOffset(TableIndex.AssemblyRef)
            + ((MetadataTokens.GetRowNumber(handle) - 1) * reader.GetTableRowSize(TableIndex.AssemblyRef));
        BitConverter.TryWriteBytes(bytes.AsSpan(row), (ushort)version.Major);                   // ECMA-335 II.22.5
        BitConverter.TryWriteBytes(bytes.AsSpan(row + 2), (ushort)version.Minor);
        File.WriteAllBytes(path, bytes);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
