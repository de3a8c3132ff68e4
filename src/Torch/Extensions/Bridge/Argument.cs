using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Osteon.Torch.Interop;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>
/// One argument of an ATen operator, made by implicit conversion. <c>default</c> is None; <see cref="Default"/> takes the
/// schema's own default.
/// </summary>
[SuppressMessage("Usage", "CA2225", Justification = "Conversions are the only way to make one; named alternatives would be noise.")]
[SuppressMessage("Performance", "CA1815", Justification = "Never compared.")]
public readonly struct Argument
{
    private Argument(Tag tag, long bits, object? held = null) => (Tag, Bits, Held) = (tag, bits, held);

    /// <summary>Takes the schema's default; arguments left off at the end do the same.</summary>
    public static Argument Default { get; } = new(Tag.Default, 0);

    internal Tag Tag { get; }

    internal long Bits { get; }

    /// <summary>Kept alive during the call; for lists, their elements.</summary>
    internal object? Held { get; }

    /// <summary>The elements; null for what is no list. The tag tells, for asking an object for its type is the slower way.</summary>
    internal Array? List => Tag is >= Tag.Ints and <= Tag.String ? Unsafe.As<Array>(Held) : null;

    /// <summary>A list whose elements may be missing, as in index.Tensor.</summary>
    public static Argument Optional(Tensor?[] tensors) => new(Tag.OptionalTensors, 0, tensors);

    /// <summary>An argument of a type that is known only at run time.</summary>
    /// <exception cref="ArgumentException">The type is none that libtorch takes.</exception>
    internal static Argument Of(object? value) => value switch
    {
        null => default,
        Tensor tensor => tensor,
        Tensor[] tensors => tensors,
        IEnumerable<Tensor> tensors => tensors.ToArray(),
        bool v => v,
        int v => v,
        long v => v,
        float v => (double)v,
        double v => v,
        string v => v,
        long[] v => v,
        double[] v => v,
        bool[] v => v,
        Device v => v,
        ScalarType v => v,
        Argument v => v,
        _ => throw new ArgumentException($"A {value.GetType()} cannot be passed to libtorch; tensors, lists of them, numbers, booleans and text can.", nameof(value)),
    };

    public static implicit operator Argument(Tensor? value) => value is null ? default : new(Tag.Tensor, value.Handle, value);
    public static implicit operator Argument(int value) => new(Tag.Int, value);
    public static implicit operator Argument(long value) => new(Tag.Int, value);
    public static implicit operator Argument(long? value) => value is { } v ? new(Tag.Int, v) : default;
    public static implicit operator Argument(double value) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Argument(double? value) => value is { } v ? (Argument)v : default;
    public static implicit operator Argument(bool value) => new(Tag.Bool, value ? 1 : 0);
    public static implicit operator Argument(bool? value) => value is { } v ? (Argument)v : default;
    public static implicit operator Argument(long[]? value) => value is null ? default : new(Tag.Ints, 0, value);
    public static implicit operator Argument(double[]? value) => value is null ? default : new(Tag.Doubles, 0, value);
    public static implicit operator Argument(bool[]? value) => value is null ? default : new(Tag.Bools, 0, value);
    public static implicit operator Argument(Tensor[] value) => new(Tag.Tensors, 0, value);
    public static implicit operator Argument(string? value) => value is null ? default : new(Tag.String, 0, System.Text.Encoding.UTF8.GetBytes(value));
    public static implicit operator Argument(Device? value) => value is null ? default : new(Tag.Device, value.Packed);
    public static implicit operator Argument(ScalarType value) => new(Tag.Int, (long)value);
    public static implicit operator Argument(ScalarType? value) => value is { } v ? (Argument)v : default;
    public static implicit operator Argument(memory_format value) => new(Tag.Int, (long)value);
    public static implicit operator Argument(Scalar value) => value.ToArgument();
    public static implicit operator Argument(Scalar? value) => value is { } v ? v.ToArgument() : default;
    public static implicit operator Argument(Generator? value) => value is null ? default : new(Tag.Generator, value.Handle, value);

    /// <summary>The tensors in it; null stands for one that a list leaves out.</summary>
    public IReadOnlyList<Tensor?> Tensors => Held switch { Tensor one => [one], Tensor?[] several => several, _ => [] };

    /// <summary>As error messages show it: a tensor by type and shape.</summary>
    public override string ToString() => Tag switch
    {
        Tag.None => "None",
        Tag.Tensor => Describe((Tensor)Held!),
        Tag.Double => BitConverter.Int64BitsToDouble(Bits).ToString(System.Globalization.CultureInfo.InvariantCulture),
        Tag.Bool => Bits != 0 ? "True" : "False",
        Tag.Ints => $"[{string.Join(", ", (long[])Held!)}]",
        Tag.Doubles => $"[{string.Join(", ", ((double[])Held!).Select(v => v.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]",
        Tag.Bools => $"[{string.Join(", ", (bool[])Held!)}]",
        Tag.Tensors or Tag.OptionalTensors => $"[{string.Join(", ", ((Tensor?[])Held!).Select(t => t is null ? "None" : Describe(t)))}]",
        Tag.String => $"'{System.Text.Encoding.UTF8.GetString((byte[])Held!)}'",
        Tag.Device => Device.Unpack(Bits).ToString(),
        Tag.Generator => "Generator",
        Tag.Default => "…",
        _ => Bits.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static string Describe(Tensor tensor) =>
        tensor.IsInvalid ? "disposed" : $"{tensor.dtype}[{string.Join(", ", tensor.shape)}]";
}
