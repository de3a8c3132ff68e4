using static TorchSharp.torch;

namespace Osteon.Models;

/// <summary>Sizes of the element types that weight files hold.</summary>
internal static class ElementTypes
{
    /// <summary>Bytes an element.</summary>
    public static int SizeOf(ScalarType type) => type switch
    {
        ScalarType.ComplexFloat64 => 16,
        ScalarType.Float64 or ScalarType.Int64 or ScalarType.ComplexFloat32 => 8,
        ScalarType.Float32 or ScalarType.Int32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
        _ => 1,
    };
}
