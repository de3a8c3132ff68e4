using System.Runtime.InteropServices;

namespace Osteon.Imaging;

/// <summary>A result the bridge holds until it is copied out.</summary>
internal sealed unsafe class NativeBuffer : SafeHandle
{
    private readonly Header _header;

    private NativeBuffer(nint handle, Header header)
        : base(0, ownsHandle: true)
    {
        SetHandle(handle);
        _header = header;
    }

    /// <summary>Takes over what a call gave, or throws what it said.</summary>
    internal static NativeBuffer Take(int status, nint buffer, Header header)
    {
        Native.Check(status);
        return new NativeBuffer(buffer, header);
    }

    public override bool IsInvalid => handle == 0;

    internal int Height => _header.Height;

    internal int Width => _header.Width;

    internal int Type => _header.Type;

    /// <summary>What the pixels take.</summary>
    /// <exception cref="ImagingException">They are of a kind that is not read here.</exception>
    internal long Bytes => (long)Height * Width * PixelType.Size(Type);

    /// <summary>The pixels, row-major, channels interleaved.</summary>
    internal byte[] ToArray()
    {
        var bytes = GC.AllocateUninitializedArray<byte>(checked((int)Bytes));
        fixed (byte* destination = bytes)
        {
            Native.Check(Native.BufferCopy(handle, destination, bytes.Length));
        }

        return bytes;
    }

    protected override bool ReleaseHandle()
    {
        Native.BufferFree(handle);
        return true;
    }
}
