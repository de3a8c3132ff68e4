namespace TorchSharp;

/// <summary>What lies beyond the border.</summary>
public enum PaddingModes
{
    Zeros,
    Reflect,
    Replicate,
    Circular,
    Constant,
}

/// <summary>How much a convolution adds around its input: nothing, or what keeps the size.</summary>
public enum Padding
{
    Valid,
    Same,
}

public static partial class torch
{
    /// <summary>How <c>Upsample</c> computes values between pixels.</summary>
    public enum UpsampleMode
    {
        Nearest,
        Bilinear,
        Bicubic,
        Linear,
        Trilinear,
    }

    /// <summary>How <c>interpolate</c> computes values between pixels.</summary>
    public enum InterpolationMode
    {
        Nearest,
        Bilinear,
        Bicubic,
        Area,
        Linear,
        Trilinear,
    }

    public static partial class nn
    {
        /// <summary>What becomes of a loss's elements; libtorch's numbers.</summary>
        public enum Reduction
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }
    }
}
