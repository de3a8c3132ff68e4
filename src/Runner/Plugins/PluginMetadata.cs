using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Osteon.Abstractions;

namespace Osteon.Runner.Plugins;

/// <summary>What a DLL says of itself, read as data: no code of it runs.</summary>
/// <param name="Version">The assembly's version.</param>
/// <param name="References">The assemblies it needs.</param>
/// <param name="Claims">Names by <see cref="PluginAttribute"/>s of the host's contracts.</param>
/// <param name="Fault">Why its claims cannot stand; null when they can.</param>
internal sealed record PluginMetadata(Version Version, IReadOnlyList<AssemblyName> References, IReadOnlyList<PluginClaim> Claims, string? Fault)
{
    private static readonly string Contracts = typeof(PluginAttribute).Assembly.GetName().Name!;

    /// <exception cref="BadImageFormatException">The file is no .NET assembly, or damaged.</exception>
    public static PluginMetadata Read(string file)
    {
        using var stream = File.OpenRead(file);
        using var pe = new PEReader(stream);
        try
        {
            if (pe.PEHeaders.SectionHeaders.Any(s => s.PointerToRawData + (long)s.SizeOfRawData > stream.Length))
            {
                throw new BadImageFormatException("is cut short");
            }

            if (!pe.HasMetadata)
            {
                throw new BadImageFormatException("is not a .NET assembly");
            }

            var reader = pe.GetMetadataReader();
            if (!reader.IsAssembly)
            {
                throw new BadImageFormatException("is a .NET module without an assembly");
            }

            List<PluginClaim> claims = [];
            string? fault = null;
            foreach (var handle in reader.TypeDefinitions)
            {
                var type = reader.GetTypeDefinition(handle);
                foreach (var (kind, name) in Names(reader, type))
                {
                    var full = FullName(reader, type);
                    claims.Add(new PluginClaim(kind, name, full));
                    var isPublic = (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public;
                    var isConcrete = (type.Attributes & TypeAttributes.Abstract) == 0 && type.GetGenericParameters().Count == 0;
                    fault ??= isPublic && isConcrete ? null : $"its class {full} is the {kind} '{name}', but is not public, or is nested, abstract or generic";
                }
            }

            var references = reader.AssemblyReferences.Select(r => reader.GetAssemblyReference(r).GetAssemblyName()).ToArray();
            return new PluginMetadata(reader.GetAssemblyDefinition().Version, references, claims, fault);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or OverflowException or IOException)
        {
            throw new BadImageFormatException("is damaged", e);      // what damaged metadata shows itself as
        }
    }

    private static IEnumerable<(PluginKind Kind, string Name)> Names(MetadataReader reader, TypeDefinition type)
    {
        foreach (var handle in type.GetCustomAttributes())
        {
            var attribute = reader.GetCustomAttribute(handle);
            if (KindOf(reader, attribute.Constructor) is { } kind)
            {
                var value = reader.GetBlobReader(attribute.Value);
                if (value.ReadUInt16() == 1 && value.ReadSerializedString() is { Length: > 0 } name)       // ECMA-335 II.23.3
                {
                    yield return (kind, name);
                }
            }
        }
    }

    private static PluginKind? KindOf(MetadataReader reader, EntityHandle constructor)
    {
        if (constructor.Kind != HandleKind.MemberReference
            || reader.GetMemberReference((MemberReferenceHandle)constructor).Parent is not { Kind: HandleKind.TypeReference } parent)
        {
            return null;
        }

        var type = reader.GetTypeReference((TypeReferenceHandle)parent);
        return type.ResolutionScope.Kind == HandleKind.AssemblyReference
            && reader.StringComparer.Equals(reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name, Contracts)
            ? PluginKind.All.FirstOrDefault(k => reader.StringComparer.Equals(type.Name, k.Attribute.Name) && reader.StringComparer.Equals(type.Namespace, k.Attribute.Namespace!))
            : null;
    }

    private static string FullName(MetadataReader reader, TypeDefinition type)
    {
        var name = reader.GetString(type.Name);
        var space = reader.GetString(type.Namespace);
        return space.Length == 0 ? name : $"{space}.{name}";
    }
}
