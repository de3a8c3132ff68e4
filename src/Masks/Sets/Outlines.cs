namespace Osteon.Masks;

/// <summary>
/// Masks as outlines that give them back pixel for pixel: one a connected part. A hole is cut in by an edge that runs to its border and back again,
/// so that it lies outside by the even-odd rule of fillPoly and of pycocotools alike.
/// </summary>
public static class Outlines
{
    /// <summary>Outlines through the centres of border pixels, step by step: for cv2.fillPoly, which draws the border too. Parts are 8-connected.</summary>
    public static IReadOnlyList<Polygon> ThroughCentres(Mask mask) => new BorderWalk(mask, diagonals: true).Outlines(throughCentres: true);

    /// <summary>Outlines along the edges of border pixels, a vertex a turn: for pycocotools, where pixel (x, y) reaches from x to x + 1. Parts are 4-connected.</summary>
    public static IReadOnlyList<Polygon> AlongEdges(Mask mask) => new BorderWalk(mask, diagonals: false).Outlines(throughCentres: false);
}
