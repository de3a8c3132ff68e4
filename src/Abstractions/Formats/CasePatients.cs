using System.Text.RegularExpressions;

namespace Osteon.Abstractions;

/// <summary>Finds patients in the names of cases, by a regular expression that a user writes (option patient_pattern).</summary>
public static class CasePatients
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>What is wrong with a pattern, a line or none.</summary>
    public static IReadOnlyList<string> Fault(string pattern)
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

    /// <summary>The patient: the group 'patient', else the first group, else the match. Null and a red finding where there is none.</summary>
    /// <param name="pattern">A pattern without fault.</param>
    /// <param name="name">The case's.</param>
    /// <param name="path">What the finding names.</param>
    /// <param name="findings">Takes the finding.</param>
    /// <exception cref="ConfigurationException">The pattern takes more than a second.</exception>
    public static string? Of(string pattern, string name, string path, ICollection<Finding> findings)
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
