using System.Runtime.InteropServices;

namespace Osteon.Torch.Interop;

/// <summary>A convolution and what stands around it; laid out as in fused.cpp. Handles are 0 where there is none.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ConvolutionCall
{
    public nint Below;
    public nint Beside;
    public nint Weight;
    public nint Bias;
    public nint NormWeight;
    public nint NormBias;
    public nint Mean;
    public nint Variance;
    public nint Shortcut;
    public double Eps;
    public Pair Stride;
    public Pair Padding;
    public Pair Dilation;
    public long Groups;
    public double Most;
    public int Planes;
    private readonly int _unused;

    /// <summary>Of the rows and of the columns.</summary>
    internal struct Pair(long[] values)
    {
        public long Rows = values[0];
        public long Columns = values[1];
    }
}
