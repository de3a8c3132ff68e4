using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Inference;

/// <summary>Gives each pixel the class with the largest logit, holding two planes at a time whatever the number of classes.</summary>
internal static class LargestLogit
{
    public static Mask[] Masks(float[] logits, int classes, Frame from, Frame original)
    {
        var largest = new float[original.Area];
        var plane = new float[original.Area];
        var winner = new byte[original.Area];
        Resize.LinearPlanes(logits.AsSpan(0, from.Area), 1, from, original, largest);
        for (var k = 1; k < classes; k++)
        {
            Resize.LinearPlanes(logits.AsSpan(k * from.Area, from.Area), 1, from, original, plane);
            for (var i = 0; i < plane.Length; i++)
            {
                if (plane[i] > largest[i])
                {
                    (largest[i], winner[i]) = (plane[i], (byte)k);
                }
            }
        }

        var dense = new byte[original.Area];
        var masks = new Mask[classes];
        for (var k = 0; k < classes; k++)
        {
            for (var i = 0; i < dense.Length; i++)
            {
                dense[i] = winner[i] == k ? (byte)1 : (byte)0;
            }

            masks[k] = Mask.FromDense(dense, original);
        }

        return masks;
    }
}
