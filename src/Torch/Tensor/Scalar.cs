using System.Diagnostics.CodeAnalysis;
using Osteon.Torch;

namespace TorchSharp;

/// <summary>A number that meets a tensor: an integer, a float or a bool, so that type promotion follows PyTorch's rules.</summary>
[SuppressMessage("Usage", "CA2225", Justification = "ScalarExtensionMethods.ToScalar is the named alternative.")]
[SuppressMessage("Performance", "CA1815", Justification = "Never compared.")]
public readonly struct Scalar
{
    private enum Kind : byte
    {
        Integer,
        Number,
        Boolean,
    }

    private readonly Kind _kind;
    private readonly long _integer;
    private readonly double _number;

    private Scalar(Kind kind, long integer, double number) => (_kind, _integer, _number) = (kind, integer, number);

    public static implicit operator Scalar(byte value) => new(Kind.Integer, value, value);
    public static implicit operator Scalar(int value) => new(Kind.Integer, value, value);
    public static implicit operator Scalar(long value) => new(Kind.Integer, value, value);
    public static implicit operator Scalar(float value) => new(Kind.Number, 0, value);
    public static implicit operator Scalar(double value) => new(Kind.Number, 0, value);
    public static implicit operator Scalar(bool value) => new(Kind.Boolean, value ? 1 : 0, value ? 1 : 0);

    public double ToDouble() => _number;

    public float ToSingle() => (float)_number;

    /// <summary>A float is cut towards zero.</summary>
    public long ToInt64() => _kind == Kind.Number ? (long)_number : _integer;

    public int ToInt32() => checked((int)ToInt64());

    public bool ToBoolean() => _number != 0;

    public override string ToString() => ToArgument().ToString();

    internal Argument ToArgument() => _kind switch
    {
        Kind.Integer => _integer,
        Kind.Number => _number,
        _ => _integer != 0,
    };
}

/// <summary>TorchSharp's spelling of the conversion.</summary>
public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;

    public static Scalar ToScalar(this int value) => value;

    public static Scalar ToScalar(this long value) => value;

    public static Scalar ToScalar(this float value) => value;

    public static Scalar ToScalar(this double value) => value;

    public static Scalar ToScalar(this bool value) => value;
}
