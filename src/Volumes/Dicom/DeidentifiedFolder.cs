using System.Collections.Concurrent;
using System.Text.Json;
using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>What became of a folder's files.</summary>
/// <param name="Copies">In the order of their new names.</param>
/// <param name="LeftOut">Files without an image (DICOMDIR, plans, reports, those that are not DICOM), and why.</param>
/// <param name="Refused">Files that could not be read, and why.</param>
public sealed record DeidentifiedFolder(IReadOnlyList<DeidentifiedCopy> Copies, IReadOnlyList<string> LeftOut, IReadOnlyList<string> Refused)
{
    /// <summary>The report beside the copies.</summary>
    public const string Report = "deidentified.json";

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Copies every DICOM image below a folder, and writes deidentified.json: what each copy left behind, but no old name.</summary>
    /// <param name="input">An existing folder.</param>
    /// <param name="output">Outside of the input; empty, or not there yet.</param>
    /// <param name="key">See <see cref="DicomDeidentifier"/>.</param>
    /// <param name="cancellation">Stops between files.</param>
    /// <exception cref="ConfigurationException">A folder is not so.</exception>
    /// <exception cref="OutputException">The output cannot be written; like any other end before the last file, this leaves it empty.</exception>
    public static DeidentifiedFolder Make(string input, string output, byte[] key, CancellationToken cancellation)
    {
        Demand(input, output);
        OutputFolder.Create(output);
        try
        {
            return Copy(input, output, key, cancellation);
        }
        catch
        {
            // Copies without the report are not to be taken for the whole.
            foreach (var made in new DirectoryInfo(output).EnumerateFileSystemInfos())
            {
                if (made is DirectoryInfo folder)
                {
                    folder.Delete(recursive: true);
                }
                else
                {
                    made.Delete();
                }
            }

            throw;
        }
    }

    private static DeidentifiedFolder Copy(string input, string output, byte[] key, CancellationToken cancellation)
    {
        var deidentifier = new DicomDeidentifier(key);
        var (copies, leftOut, refused) = (new ConcurrentBag<DeidentifiedCopy>(), new ConcurrentBag<string>(), new ConcurrentBag<string>());
        var files = Directory.EnumerateFiles(input, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 16, AttributesToSkip = FileAttributes.ReparsePoint });
        Parallel.ForEach(files, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, file =>
        {
            var relative = Path.GetRelativePath(input, file);
            try
            {
                if (!DicomFile.IsDicom(file))
                {
                    leftOut.Add($"{relative}: it is no DICOM file.");
                }
                else if (DicomFile.TryReadHeader(file, out _, out var reason))
                {
                    copies.Add(deidentifier.Copy(file, output));
                }
                else
                {
                    leftOut.Add($"{relative}: {reason}");
                }
            }
            catch (DataException e)
            {
                refused.Add($"{relative}: {e.What}");
            }
        });
        var made = new DeidentifiedFolder(
            [.. copies.OrderBy(c => c.Path, StringComparer.Ordinal)], [.. leftOut.Order(StringComparer.Ordinal)], [.. refused.Order(StringComparer.Ordinal)]);
        AtomicFile.WriteAllBytes(Path.Combine(output, Report), JsonSerializer.SerializeToUtf8Bytes(new { made.Copies }, Layout));
        return made;
    }

    private static void Demand(string input, string output)
    {
        var faults = new List<string>();
        if (!Directory.Exists(input))
        {
            faults.Add($"--input={input}: there is no such folder.");
        }

        if (File.Exists(output) || (Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any()))
        {
            faults.Add($"--output={output}: is there already and not an empty folder. Name another, or remove it.");
        }

        if (faults.Count == 0 && (ConfinedPath.IsBelow(output, input) || Path.GetFullPath(output) == Path.GetFullPath(input)))
        {
            faults.Add($"--output={output}: lies in the input; what is copied there would not be apart from the originals.");
        }

        if (faults.Count > 0)
        {
            throw new ConfigurationException(faults);
        }
    }
}
