using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Tracking;

/// <summary>
/// Files of runs, where <c>mlflow server</c> looks for them: <c>mlartifacts/EXPERIMENT/RUN/artifacts/…</c>. A file is copied to a
/// staging name first, while the caller waits, and renamed into place once the run's experiment has a number.
/// </summary>
internal sealed class ArtifactFolder(string folder)
{
    private const string Staging = ".staging";

    /// <summary>Copies a file as it is now.</summary>
    /// <param name="runId">The run it belongs to.</param>
    /// <param name="file">Any readable file.</param>
    /// <param name="under">Folders under the run's artifacts, '/' between them; empty: none.</param>
    /// <exception cref="ConfigurationException">The name leaves the run's folder, or MLflow cannot serve it.</exception>
    /// <exception cref="IOException">The file cannot be read or the copy not written.</exception>
    public ArtifactEvent Stage(string runId, string file, string under)
    {
        var target = under.Length == 0 ? Path.GetFileName(file) : $"{under}/{Path.GetFileName(file)}";
        if (target.Split('/').Any(part => part is "" or "." or "..") || target.Any(c => c is '\\' or '#' || char.IsControl(c)))
        {
            throw new ConfigurationException(
                $"'{target}' cannot name an artifact; allowed are relative paths without empty, '.' or '..' parts, '\\', '#' and control characters");
        }

        var staged = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, Staging, runId)).FullName, Guid.NewGuid().ToString("N"));
        using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            using var copy = new FileStream(staged, FileMode.CreateNew, FileAccess.Write);
            source.CopyTo(copy, 1 << 20);
            copy.Flush(flushToDisk: true);
        }
        catch
        {
            File.Delete(staged);
            throw;
        }

        return new ArtifactEvent(runId, staged, target);
    }

    /// <summary>Renames a staged file into place; one of that name is replaced. A second call does nothing.</summary>
    public void Place(long experiment, ArtifactEvent artifact)
    {
        if (!File.Exists(artifact.Staged))
        {
            return;
        }

        var place = Path.Combine(folder, experiment.ToString(CultureInfo.InvariantCulture), artifact.RunId, "artifacts", artifact.Target);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.Move(artifact.Staged, place, overwrite: true);
    }

    /// <summary>Removes the copies a run never placed, and the folder they lay in.</summary>
    public void ForgetStaged(string runId)
    {
        try
        {
            Directory.Delete(Path.Combine(folder, Staging, runId), recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing was staged, or it cannot be removed: neither concerns the run.
        }
    }
}
