using System.Security.Cryptography;
using System.Text;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Reporting;

namespace Osteon.Runner;

/// <summary>Pictures of offending cases, drawn while the data is at hand and found again by what they show.</summary>
internal static class CheckPictures
{
    private const int Side = 420, OfARule = 12, InAll = 160;

    /// <summary>Draws the first cases of every rule.</summary>
    public static void Draw(CaseStore store, IReadOnlyList<Finding> findings, string folder, CancellationToken cancellation)
    {
        var known = store.Cases.Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
        var chosen = findings.Where(f => f.Case is not null && known.Contains(f.Case)).GroupBy(f => f.Check).SelectMany(g => g.Take(OfARule)).DistinctBy(NameOf).Take(InAll);
        Parallel.ForEach(chosen, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, finding =>
        {
            AtomicFile.WriteAllBytes(Path.Combine(folder, NameOf(finding)), Render(store, finding)!);
        });
    }

    /// <summary>The case of a finding with the classes it is about marked; null when it is no case of the store.</summary>
    public static byte[]? Render(CaseStore store, Finding finding)
    {
        if (store.Cases.FirstOrDefault(c => c.Id == finding.Case) is not { } stored)
        {
            return null;
        }

        var marked = finding.Classes.Select(name => store.Classes.ToList().IndexOf(name)).Where(k => k >= 0).ToArray();
        return LabelPicture.Render(store.ReadImage(stored), stored.Labelled ? [.. store.ReadTruth(stored).Select(mask => stored.Crop?.Cut(mask) ?? mask)] : [], marked, Side);
    }

    /// <summary>The picture of a finding, or null when none was drawn.</summary>
    public static byte[]? Find(Finding finding, string folder) =>
        finding.Case is not null && Path.Combine(folder, NameOf(finding)) is var path && File.Exists(path) ? File.ReadAllBytes(path) : null;

    private static string NameOf(Finding finding) =>
        $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', finding.Classes.Prepend(finding.Case))))[..8])}.jpg";
}
