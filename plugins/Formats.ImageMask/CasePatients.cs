using System.Text.RegularExpressions;
using Osteon.Abstractions;

namespace Osteon.Plugins.ImageMask;

/// <summary>Finds patients in the names of cases.</summary>
internal static class CasePatients
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static string[] Fault(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant, Patience);
            return [];
        }
        catch (ArgumentException e)
        {
            return [$"patient_pattern '{pattern}' is no regular expression: {e.Message}"];
        }
    }

    /// <summary>The patient, or null and a red finding where the pattern finds none.</summary>
    public static string? Of(string pattern, string name, string path, List<Finding> findings)
    {
        try
        {
            if (Regex.Match(name, pattern, RegexOptions.CultureInvariant, Patience) is { Success: true } match)
            {
                var group = match.Groups["patient"].Success ? match.Groups["patient"] : match.Groups.Count > 1 ? match.Groups[1] : match;
                if (group.Length > 0)
                {
                    return group.Value;
                }
            }
        }
        catch (RegexMatchTimeoutException)
        {
            throw new ConfigurationException($"patient_pattern '{pattern}' takes more than a second on '{name}'; write it without nested repetition.");
        }

        findings.Add(new Finding(Severity.Red, "no-patient", path, $"patient_pattern '{pattern}' finds no patient in '{name}'; cases of one patient could part between train and test."));
        return null;
    }
}
