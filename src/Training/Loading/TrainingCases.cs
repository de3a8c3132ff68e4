using Osteon.Abstractions;
using Osteon.Datasets;

namespace Osteon.Training;

/// <summary>The cases a network learns from: the fold's own, and those that Augment made of them.</summary>
public sealed class TrainingCases : ISampleSource
{
    private readonly (CaseStore Store, StoredCase Case)[] _cases;
    private readonly LabelledImages? _images;
    private readonly Lazy<IReadOnlyList<IReadOnlyList<int>>> _byClass;

    /// <summary>The cases of a job.</summary>
    public TrainingCases(SampleJob job)
    {
        _cases = [.. job.Training.Select(c => (job.Store, c)), .. job.Added?.Cases.Select(c => (job.Added.Store, c)) ?? []];
        _images = job.Images;
        _byClass = new(FindClasses);
    }

    /// <inheritdoc/>
    public int Count => _cases.Length;

    /// <summary>A case with the store that holds it.</summary>
    public (CaseStore Store, StoredCase Case) this[int index] => _cases[index];

    /// <summary>For each class that occurs at all, the places of the cases that have it.</summary>
    internal IReadOnlyList<IReadOnlyList<int>> ByClass => _byClass.Value;

    /// <inheritdoc/>
    public string NameOf(int index) => _cases[index].Case.Id;

    /// <inheritdoc/>
    public Sample Read(int index, Workspace workspace) =>
        _images?.Read(_cases[index].Store, _cases[index].Case, workspace) ?? _cases[index].Store.Read(_cases[index].Case, workspace);

    private IReadOnlyList<IReadOnlyList<int>> FindClasses()
    {
        if (_images is { Labels: var labels })
        {
            return [.. Enumerable.Range(0, _cases.Length).GroupBy(i => labels[_cases[i].Case.Id]).OrderBy(g => g.Key).Select(g => (IReadOnlyList<int>)[.. g])];
        }

        var holders = new List<int>[_cases[0].Store.Classes.Count];
        for (var k = 0; k < holders.Length; k++)
        {
            holders[k] = [];
        }

        for (var i = 0; i < _cases.Length; i++)
        {
            var truth = _cases[i].Store.ReadTruth(_cases[i].Case);
            for (var k = 0; k < holders.Length; k++)
            {
                if (truth[k].Area > 0)
                {
                    holders[k].Add(i);
                }
            }
        }

        return [.. holders.Where(h => h.Count > 0)];
    }
}

/// <summary>Cases that are trained on beside the fold's own, never validated on.</summary>
/// <param name="Store">Where they lie; its classes are the job's.</param>
/// <param name="Cases">Those of this fold.</param>
public sealed record AddedCases(CaseStore Store, IReadOnlyList<StoredCase> Cases);
