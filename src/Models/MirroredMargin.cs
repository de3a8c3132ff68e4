using static TorchSharp.torch;

namespace Osteon.Models;

/// <summary>
/// What convolutions that do not pad see around an image: the image itself, mirrored at its border.
/// </summary>
/// <remarks>Ronneberger, Fischer, Brox 2015, arXiv:1505.04597, section 2: "missing input data is extrapolated by mirroring".</remarks>
public static class MirroredMargin
{
    /// <summary>An image with its margin; the same tensor where there is none. The caller's scope owns it.</summary>
    /// <param name="image">(N, C, H, W).</param>
    /// <param name="margin">Pixels at each side; more than the image has are mirrored again at its other border.</param>
    /// <returns>(N, C, H + 2 margin, W + 2 margin); the outermost pixels stand twice, as NumPy's <c>symmetric</c> has them.</returns>
    public static Tensor Around(Tensor image, int margin) => margin == 0 ? image : Around(Around(image, 2, margin), 3, margin);

    private static Tensor Around(Tensor image, int dimension, int margin)
    {
        var size = (int)image.shape[dimension];
        using var places = tensor([.. Enumerable.Range(-margin, size + (2 * margin)).Select(i => Mirrored(i, size))], device: image.device);
        return image.index_select(dimension, places);
    }

    private static long Mirrored(int place, int size)
    {
        var within = ((place % (2 * size)) + (2 * size)) % (2 * size);
        return within < size ? within : (2 * size) - 1 - within;
    }
}
