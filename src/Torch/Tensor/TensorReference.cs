using System.Diagnostics.CodeAnalysis;
using Osteon.Torch.Interop;

namespace Osteon.Torch;

/// <summary>
/// Holds a native reference and frees it: when it is told to, or when nobody can tell it any more. An object with a finaliser
/// costs as much to make as a small operator to run, so freed ones are kept for this thread's next tensors.
/// </summary>
internal sealed class TensorReference
{
    private const int MostSpare = 256;

    [ThreadStatic]
    private static Stack<TensorReference>? t_spare;

    private nint _handle;
    private int _account;

    ~TensorReference() => Release(forgotten: true);

    /// <summary>Of the storage it was the first to hold.</summary>
    public int Kibibytes => TensorMemory.KibibytesOf(_account);

    public static TensorReference To(nint handle, int kibibytes)
    {
        var reference = t_spare is { Count: > 0 } spare ? spare.Pop() : new TensorReference();
        (reference._handle, reference._account) = (handle, TensorMemory.Born(kibibytes));
        return reference;
    }

    /// <summary>Once for each tensor; afterwards it may hold another.</summary>
    [SuppressMessage("Usage", "CA1816", Justification = "This is where its life ends.")]
    public void Free()
    {
        if (!Release(forgotten: false))
        {
            return;         // finalised already, and never again: not one to use once more
        }

        if ((t_spare ??= new Stack<TensorReference>(MostSpare)).Count < MostSpare)
        {
            t_spare.Push(this);
        }
        else
        {
            GC.SuppressFinalize(this);
        }
    }

    private bool Release(bool forgotten)
    {
        if (_handle == 0)
        {
            return false;
        }

        _ = NativeMethods.osteon_tensor_free(_handle);
        _handle = 0;
        TensorMemory.Died(_account, forgotten);
        return true;
    }
}
