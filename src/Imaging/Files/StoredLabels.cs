using Osteon.Abstractions;

namespace Osteon.Imaging;

/// <summary>A label image as its file stores it.</summary>
/// <param name="Values">One number a pixel: grey, or an index of the palette. Its origin tells the bits a sample has in the file.</param>
/// <param name="Palette">0xRRGGBB by index; null where the file has none.</param>
public sealed record StoredLabels(Image Values, IReadOnlyList<int>? Palette)
{
    /// <summary>True where the palette has colours; one of greys alone is but another way to store grey.</summary>
    public bool IsColoured => Palette?.Any(c => (c >> 16) != ((c >> 8) & 0xFF) || (c & 0xFF) != ((c >> 8) & 0xFF)) == true;

    /// <summary>The brightness of a value as a viewer shows it: samples of 1, 2 and 4 bits are stretched to 0–255, and a palette of greys is looked up.</summary>
    public int Brightness(int value) =>
        Palette is { } palette && !IsColoured ? value < palette.Count ? palette[value] & 0xFF : 0
        : Palette is null && Values.Origin.Bits is > 0 and < 8 and var bits ? value * byte.MaxValue / ((1 << bits) - 1)
        : value;
}
