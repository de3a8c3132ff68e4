namespace Osteon.Runner.Plugins;

/// <summary>A plugin DLL that was found.</summary>
/// <param name="File">Its path, as found.</param>
/// <param name="Digest">SHA-256 over the names and contents of its files, 64 hex digits; empty when they could not be read.</param>
/// <param name="Version">The assembly's version; empty when it could not be read.</param>
/// <param name="Claims">The names it brings; known from metadata even when the DLL cannot be loaded.</param>
/// <param name="Failure">Why it cannot be used and what to do; null when nothing speaks against it.</param>
public sealed record PluginInfo(string File, string Digest, string Version, IReadOnlyList<PluginClaim> Claims, string? Failure);

/// <summary>One name that a plugin DLL brings.</summary>
/// <param name="Kind">The extension point.</param>
/// <param name="Name">As an experiment writes it.</param>
/// <param name="Type">The class's full name.</param>
public sealed record PluginClaim(PluginKind Kind, string Name, string Type);
