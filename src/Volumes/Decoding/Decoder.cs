using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>
/// Runs GDCM and HDF5 in a process of their own, a file each, with bounds on memory and time: both have been crashed by damaged
/// files, and a crash there is an error about one file here.
/// </summary>
internal static class Decoder
{
    private const int MaxLine = 4096, CpuSeconds = 60;

    // The codecs' own code and tables, before any picture.
    private const long OwnBytes = 512L << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);     // a machine may have little left for it

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "osteon_decoder");

    /// <summary>Decodes.</summary>
    /// <param name="path">The file, for errors.</param>
    /// <param name="arguments">What to do.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="most">The most bytes it may answer.</param>
    /// <returns>The whole answer.</returns>
    /// <exception cref="DataException">The decoder refused, broke, or took too much memory or time.</exception>
    public static byte[] Run(string path, IEnumerable<string> arguments, ReadOnlyMemory<byte> input, long most)
    {
        // A codec holds its input, its output and a copy of either, some as 32-bit numbers.
        var memory = OwnBytes + (6 * most) + (4L * input.Length);
        using var process = Start(path, [memory.ToString(CultureInfo.InvariantCulture), CpuSeconds.ToString(CultureInfo.InvariantCulture), .. arguments]);
        using var overdue = new Timer(_ => Kill(process), null, Patience, Timeout.InfiniteTimeSpan);
        var words = Task.Run(() => ReadSome(process.StandardError.BaseStream));
        var feeding = Task.Run(() => Feed(process, input));
        var answer = ReadAll(process, most);
        feeding.Wait();
        process.WaitForExit();
        return (process.ExitCode, answer) switch
        {
            (0, not null) => answer,
            (_, null) => throw new DataException(path, $"its data make more than {most:N0} bytes; the file is damaged, or made to exhaust memory."),
            (1, _) => throw new DataException(path, $"{words.Result}; the file is damaged, or of a variant that is not read."),
            (128 + 24 or 128 + 9, _) => throw new DataException(path, $"its data could not be decoded in {CpuSeconds} seconds of processor time; the file is damaged."),
            var (code, _) => throw new DataException(path, $"its data broke the decoder (status {code}); the file is damaged."),
        };
    }

    /// <summary>Splits an answer into its first line and the numbers after it.</summary>
    public static (string[] Words, byte[] Numbers) Split(string path, byte[] answer)
    {
        var end = answer.AsSpan(0, Math.Min(answer.Length, MaxLine)).IndexOf((byte)'\n');
        return end >= 0
            ? (Encoding.UTF8.GetString(answer, 0, end).Split(' '), answer[(end + 1)..])
            : throw new DataException(path, "the decoder gave no answer; the file is damaged.");
    }

    private static Process Start(string path, IEnumerable<string> arguments)
    {
        try
        {
            var start = new ProcessStartInfo(Program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["MALLOC_ARENA_MAX"] = "1";
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new ConfigurationException($"{path}: {Program} could not be started ({e.Message}); it reads compressed DICOM and MATLAB 7.3 files. Build again.", e);
        }
    }

    private static void Feed(Process process, ReadOnlyMemory<byte> input)
    {
        try
        {
            using var stream = process.StandardInput.BaseStream;
            stream.Write(input.Span);
        }
        catch (IOException)
        {
            // It ended before it read all; its status says why.
        }
    }

    private static byte[]? ReadAll(Process process, long most)
    {
        var answer = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = process.StandardOutput.BaseStream.Read(buffer)) > 0;)
        {
            if (answer.Length + read > most + MaxLine)
            {
                Kill(process);
                return null;
            }

            answer.Write(buffer, 0, read);
        }

        return answer.ToArray();
    }

    /// <summary>What it said, without line breaks; more than a few words are no message.</summary>
    private static string ReadSome(Stream stream)
    {
        var said = new MemoryStream();
        var buffer = new byte[4096];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            said.Write(buffer, 0, (int)Math.Min(read, Math.Max(0, 400 - said.Length)));
        }

        var text = Encoding.UTF8.GetString(said.ToArray()).Trim();
        return string.Concat((text.Length > 0 ? text[(text.LastIndexOf('\n') + 1)..] : "the decoder refused it").Where(c => !char.IsControl(c)));
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
