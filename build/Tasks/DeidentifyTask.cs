using System.Security.Cryptography;
using Cake.Core;
using Cake.Frosting;
using Osteon.Abstractions;
using Osteon.Volumes;

namespace Osteon.Build;

/// <summary>
/// Copies the DICOM images of --input to --output without what tells whose they are. Needs no experiment. Exit code 2 when a file
/// could not be read; the others are copied all the same.
/// </summary>
[TaskName("Deidentify")]
[TaskDescription("Copies DICOM images without what tells whose they are")]
public sealed class DeidentifyTask : FrostingTask<ExperimentContext>
{
    private const int KeyBytes = 32, LeastKeyBytes = 16, MostKeyBytes = 4096;

    /// <inheritdoc />
    public override void Run(ExperimentContext context)
    {
        var line = context.CommandLine;
        if (line.Input is not { } input || line.Output is not { } output)
        {
            throw new CakeException(2, "Deidentify needs --input=FOLDER and --output=FOLDER.");
        }

        var key = KeyOf(line.Key is { } file ? Path.GetFullPath(file, context.Root) : null);
        if (context.DryRun)
        {
            context.Say($"would copy the DICOM images of {input} to {output}");
            return;
        }

        var made = DeidentifiedFolder.Make(Path.GetFullPath(input, context.Root), Path.GetFullPath(output, context.Root), key, context.Cancellation);
        foreach (var left in made.LeftOut)
        {
            context.Say($"left out: {left}");
        }

        foreach (var copy in made.Copies.Where(c => c.BurnedIn == "YES"))
        {
            context.Say($"look at {copy.Path}: it says that text is burned into its pixels, which are not changed");
        }

        context.Say($"{made.Copies.Count} images copied to {output}, {made.Copies.Count(c => c.BurnedIn.Length == 0)} of which do not say whether text is burned into them; {DeidentifiedFolder.Report} tells what each left behind."
            + (line.Key is null ? " The key was made for this run and is gone: nobody can tell who is who, nor add files of the same patients." : string.Empty));
        if (made.Refused.Count > 0)
        {
            throw new ConfigurationException([.. made.Refused]);
        }
    }

    private static byte[] KeyOf(string? path)
    {
        if (path is null)
        {
            return RandomNumberGenerator.GetBytes(KeyBytes);
        }

        var length = File.Exists(path) ? new FileInfo(path).Length : throw new ConfigurationException($"--key={path}: there is no such file; `head -c 32 /dev/urandom > {Path.GetFileName(path)}` makes one.");
        return length is >= LeastKeyBytes and <= MostKeyBytes
            ? File.ReadAllBytes(path)
            : throw new ConfigurationException($"--key={path}: has {length} bytes; {LeastKeyBytes} to {MostKeyBytes} are allowed.");
    }
}
