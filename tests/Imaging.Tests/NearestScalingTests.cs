using FsCheck;
using FsCheck.Fluent;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging.Tests;

/// <summary>Scaling runs is scaling pixels by cv2.resize(…, INTER_NEAREST).</summary>
public sealed class NearestScalingTests
{
    [Fact]
    public void Agrees_with_OpenCV_to_the_pixel() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = RandomStream.For(seed, "nearest");
        var (from, to) = (new Frame(1 + random.NextInt(70), 1 + random.NextInt(70)), new Frame(1 + random.NextInt(70), 1 + random.NextInt(70)));
        var image = new Image(from);
        for (int i = 0, value = 0; i < image.Bytes.Length; i++)
        {
            value = random.NextInt(5) == 0 ? 1 - value : value;
            image.Bytes[i] = (byte)value;
        }

        var scaled = new NearestScaling(from, to).Apply(Mask.FromDense(image.Bytes, from));
        return scaled.Equals(Mask.FromDense(Resize.Nearest(image, to).Bytes, to));
    }).QuickCheckThrowOnFailure();
}
