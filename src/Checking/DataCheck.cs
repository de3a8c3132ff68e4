using Osteon.Abstractions;
using Osteon.Datasets;

namespace Osteon.Checking;

/// <summary>Judges a converted data set: each case is measured once, then every rule looks at the measures.</summary>
public static class DataCheck
{
    /// <summary>Measures a store.</summary>
    /// <param name="folder">What Convert left.</param>
    /// <param name="mode">Whether classes may overlap.</param>
    /// <param name="thresholds">The experiment's.</param>
    /// <param name="progress">Told the number of cases done.</param>
    /// <param name="cancellation">Stops between cases.</param>
    /// <exception cref="DataException">The store is damaged.</exception>
    public static CheckedData Measure(string folder, LabelMode mode, CheckThresholds thresholds, Action<int>? progress, CancellationToken cancellation)
    {
        var store = CaseStore.Open(folder);
        return new CheckedData(store.Classes, mode, thresholds, CaseSummary.OfAll(store, progress, cancellation), ConversionRecord.Load(folder));
    }

    /// <summary>All findings of all rules, the gravest first.</summary>
    public static IReadOnlyList<Finding> Judge(CheckedData data) => FindingsFile.Sorted(RuleCatalogue.For(data).SelectMany(r => r.Judge(data)));
}
