using Cake.Core;
using Cake.Core.Configuration;
using Cake.Core.IO;
using Spectre.Console.Cli;

namespace Cake.Frosting;

/// <summary>cake.config of the working directory, the host's settings over it, the command line over both.</summary>
internal sealed class HostConfiguration(
    IEnumerable<CakeSetting> settings, IFileSystem files, ICakeEnvironment environment, IRemainingArguments remaining) : ICakeConfiguration
{
    private readonly ICakeConfiguration _configuration = new CakeConfigurationProvider(files, environment).CreateConfiguration(
        environment.WorkingDirectory,
        settings.GroupBy(s => s.Key, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.OrdinalIgnoreCase),
        remaining.Parsed.GroupBy(g => g.Key.TrimStart('-'), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.SelectMany(values => values).LastOrDefault() ?? string.Empty, StringComparer.OrdinalIgnoreCase));

    public string GetValue(string key) => _configuration.GetValue(key);
}
