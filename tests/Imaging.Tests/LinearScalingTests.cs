using FsCheck;
using FsCheck.Fluent;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging.Tests;

/// <summary>Judging between pixels is judging what cv2.resize(…, INTER_LINEAR) gives, but for values that rounding decides.</summary>
public sealed class LinearScalingTests
{
    private const float Rounding = 1e-4f;

    [Fact]
    public void Is_above_where_OpenCV_s_plane_is() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = RandomStream.For(seed, "linear");
        var (from, to) = Frames(random);
        var plane = Plane(random, from, sparse: random.NextInt(2) == 0);
        var threshold = random.NextInt(5) - 2f;
        var values = new float[to.Area];
        Resize.LinearPlanes(plane, 1, from, to, values);
        var above = new LinearScaling(from, to).Above(plane, threshold).ToDense();
        return values.Zip(above).All(pair => Math.Abs(pair.First - threshold) < Rounding || pair.First > threshold == (pair.Second == 1));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Gives_each_pixel_the_class_whose_plane_of_OpenCV_s_is_largest() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = RandomStream.For(seed, "largest");
        var (from, to) = Frames(random);
        float[][] planes = [.. Enumerable.Range(0, 1 + random.NextInt(5)).Select(_ => Plane(random, from, sparse: false))];
        float[][] values = [.. planes.Select(plane =>
        {
            var resized = new float[to.Area];
            Resize.LinearPlanes(plane, 1, from, to, resized);
            return resized;
        })];
        byte[][] won = [.. new LinearScaling(from, to).Largest(planes.Length, k => planes[k]).Select(m => m.ToDense())];
        return Enumerable.Range(0, to.Area).All(i =>
        {
            var winner = Enumerable.Range(0, planes.Length).Single(k => won[k][i] == 1);
            return values[winner][i] >= values.Max(v => v[i]) - Rounding;
        });
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Gives_equals_to_the_first_class() =>
        Assert.Equal([4L, 0], new LinearScaling(new Frame(1, 2), new Frame(2, 2)).Largest(2, _ => [3f, 3f]).Select(m => m.Area));

    [Fact]
    public void Sums_planes_of_several_frames_as_OpenCV_s_planes_sum() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = RandomStream.For(seed, "sum");
        var to = new Frame(1 + random.NextInt(50), 1 + random.NextInt(130));
        Frame[] from = [.. Enumerable.Range(0, 1 + random.NextInt(3)).Select(_ => new Frame(1 + random.NextInt(30), 1 + random.NextInt(60)))];
        float[][][] planes = [.. from.Select(f => new[] { Plane(random, f, sparse: false), Plane(random, f, sparse: true), Plane(random, f, sparse: false) })];
        LinearScaling[] scalings = [.. from.Select(f => new LinearScaling(f, to))];
        float[][] sums = [.. Enumerable.Range(0, 3).Select(k =>
        {
            var sum = new float[to.Area];
            for (var set = 0; set < from.Length; set++)
            {
                var values = new float[to.Area];
                Resize.LinearPlanes(planes[set][k], 1, from[set], to, values);
                sum = [.. sum.Zip(values, (a, b) => a + b)];
            }

            return sum;
        })];
        var threshold = random.NextInt(9) - 4f;
        var above = LinearScaling.SumAbove([.. scalings.Select((s, set) => (s, planes[set][0]))], threshold).ToDense();
        byte[][] won = [.. LinearScaling.LargestSum(3, [.. scalings.Select((s, set) => (s, planes[set]))]).Select(m => m.ToDense())];
        return Enumerable.Range(0, to.Area).All(i => (Math.Abs(sums[0][i] - threshold) < Rounding || sums[0][i] > threshold == (above[i] == 1))
            && sums[Enumerable.Range(0, 3).Single(k => won[k][i] == 1)][i] >= sums.Max(s => s[i]) - Rounding);
    }).QuickCheckThrowOnFailure();

    private static (Frame From, Frame To) Frames(RandomStream random) =>
        (new Frame(1 + random.NextInt(40), 1 + random.NextInt(90)), new Frame(1 + random.NextInt(90), 1 + random.NextInt(200)));

    // Most pixels of a class's logits are far below any threshold.
    private static float[] Plane(RandomStream random, Frame frame, bool sparse) =>
        [.. Enumerable.Range(0, frame.Area).Select(_ => sparse && random.NextInt(40) > 0 ? -9f : (random.NextInt(1000) / 100f) - 5)];
}
