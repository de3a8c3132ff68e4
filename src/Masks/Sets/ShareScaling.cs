namespace Osteon.Masks;

/// <summary>Takes masks to another frame by their share of each pixel: a class has a pixel that is half its own, or more.</summary>
/// <remarks>
/// Each class linearly, as skimage.transform.resize does with order=1, mode="edge" and no anti-aliasing, and the last class of a half or more, which is
/// batchgenerators' resize_segmentation and nnU-Net's rule for labels.
/// </remarks>
public static class ShareScaling
{
    // What is a half but for rounding is one.
    private const float Half = 0.5f - 1e-6f;

    /// <summary>Masks at another size.</summary>
    /// <param name="masks">One a class, all of one frame.</param>
    /// <param name="to">Theirs.</param>
    /// <param name="exclusive">A pixel has one class: of two halves the later one has it, and the first class what no other has.</param>
    public static Mask[] Of(IReadOnlyList<Mask> masks, Frame to, bool exclusive)
    {
        var (from, scaled) = (masks[0].Frame, new Mask[masks.Count]);
        var (scaling, plane, free) = (new LinearScaling(from, to), new float[from.Area], Mask.Full(to));
        for (var k = masks.Count - 1; k >= 0; k--)
        {
            scaled[k] = Scaled(masks[k]);
            if (exclusive)
            {
                scaled[k] = k == 0 ? free : scaled[k].Intersect(free);
                free = free.Subtract(scaled[k]);
            }
        }

        return scaled;

        Mask Scaled(Mask mask)
        {
            if (mask.IsEmpty || from == to)
            {
                return from == to ? mask : Mask.Empty(to);
            }

            plane.AsSpan().Clear();
            foreach (var run in mask.Runs)
            {
                plane.AsSpan(run.Start, run.Length).Fill(1);
            }

            return scaling.Above(plane, Half);
        }
    }
}
