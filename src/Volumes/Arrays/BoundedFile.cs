using System.IO.Compression;
using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>Reads files whose sizes and claims are not believed.</summary>
internal static class BoundedFile
{
    /// <summary>The most bytes a file, or what is unpacked of it, may have.</summary>
    public const long MaxBytes = 1L << 30;

    /// <summary>Deflate makes at most 1032 bytes of one.</summary>
    private const long MostPerByte = 1032;

    /// <exception cref="DataException">The file is missing, not readable, or larger than what is read.</exception>
    public static byte[] Read(string path)
    {
        return Guarded(path, () =>
        {
            var length = new FileInfo(path).Length;
            return length <= MaxBytes ? File.ReadAllBytes(path) : throw new DataException(path, $"the file has {length:N0} bytes; at most {MaxBytes:N0} are read.");
        });
    }

    /// <summary>The first bytes of a file; all when it is shorter.</summary>
    public static byte[] ReadStart(string path, int most)
    {
        return Guarded(path, () =>
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[(int)Math.Min(most, file.Length)];
            return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        });
    }

    /// <summary>A file, unpacked when it begins as gzip does, whatever its name.</summary>
    public static byte[] ReadMaybeGzip(string path)
    {
        var bytes = Read(path);
        return bytes is [0x1F, 0x8B, ..] ? Unpack(path, bytes, static packed => new GZipStream(packed, CompressionMode.Decompress), MaxBytes) : bytes;
    }

    /// <summary>Unpacks to the end of the stream, whose checksum is then known to fit.</summary>
    /// <param name="path">For errors.</param>
    /// <param name="packed">Bytes of gzip or zlib.</param>
    /// <param name="open">Which of the two.</param>
    /// <param name="most">Unpacked bytes beyond which the file is refused.</param>
    /// <exception cref="DataException">The bytes are damaged, cut short, or make more than <paramref name="most"/>.</exception>
    public static byte[] Unpack(string path, ReadOnlyMemory<byte> packed, Func<Stream, Stream> open, long most)
    {
        var limit = Math.Min(most, (packed.Length * MostPerByte) + 1024);
        try
        {
            using var unpack = open(new MemoryStream(packed.ToArray(), writable: false));
            var unpacked = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int read; (read = unpack.Read(buffer)) > 0;)
            {
                if (unpacked.Length + read > limit)
                {
                    throw new DataException(path, $"its packed data make more than {limit:N0} bytes; it is damaged, or made to exhaust memory.");
                }

                unpacked.Write(buffer, 0, read);
            }

            return unpacked.ToArray();
        }
        catch (Exception e) when (e is InvalidDataException or IOException)     // zlib that asks for a dictionary is an IOException
        {
            throw new DataException(path, $"its packed data are damaged or cut short: {e.Message}", e);
        }
    }

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, e is FileNotFoundException or DirectoryNotFoundException ? "the file does not exist." : $"the file cannot be read: {e.Message}", e);
        }
    }
}
