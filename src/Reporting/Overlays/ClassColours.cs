namespace Osteon.Reporting;

/// <summary>A colour a class, far from those of its neighbours in the list.</summary>
public static class ClassColours
{
    // Turning by the golden angle never comes near a hue taken shortly before.
    private const double GoldenAngle = 137.50776405003785;

    /// <summary>The colour of the k-th class.</summary>
    public static (byte R, byte G, byte B) Of(int k)
    {
        var hue = (200 + (k * GoldenAngle)) % 360 / 60;
        var lightness = (k % 3) switch { 0 => 0.58, 1 => 0.7, _ => 0.48 };
        var chroma = (1 - Math.Abs((2 * lightness) - 1)) * 0.85;
        var second = chroma * (1 - Math.Abs((hue % 2) - 1));
        var (r, g, b) = (int)hue switch
        {
            0 => (chroma, second, 0.0),
            1 => (second, chroma, 0.0),
            2 => (0.0, chroma, second),
            3 => (0.0, second, chroma),
            4 => (second, 0.0, chroma),
            _ => (chroma, 0.0, second),
        };
        var low = lightness - (chroma / 2);
        return (Byte(r + low), Byte(g + low), Byte(b + low));
    }

    /// <summary>The same as #rrggbb.</summary>
    public static string Hex(int k)
    {
        var (r, g, b) = Of(k);
        return $"#{r:x2}{g:x2}{b:x2}";
    }

    private static byte Byte(double value) => (byte)Math.Round(255 * value);
}
