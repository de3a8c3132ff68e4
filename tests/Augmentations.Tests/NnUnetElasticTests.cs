using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.Augmentations.NnUnet;

namespace Osteon.Augmentations.Tests;

/// <summary>The bending of nnU-Net's SpatialTransform: noise smoothed by a bell of the drawn deviation, the farthest way as drawn.</summary>
public sealed class NnUnetElasticTests
{
    private static readonly Frame Patch = new(96, 128);

    [Fact]
    public void It_is_off_unless_asked_for()
    {
        var random = RandomStream.For(1, "elastic");
        var transform = new SpatialTransform(new SpatialTransformOptions { Fill = 0 });
        Assert.All(Enumerable.Range(0, 200), _ => Assert.Null(((SpatialDraw)transform.Draw(ref random, new DrawContext(Patch))).Bent));
    }

    [Fact]
    public void Draws_keep_to_their_intervals_and_one_scale_serves_both_axes_as_often_as_asked()
    {
        var random = RandomStream.For(2, "elastic");
        var transform = new SpatialTransform(new SpatialTransformOptions { Fill = 0, PElasticDeform = 1, ElasticDeformScale = new(0.02, 0.1), PSynchronizeDefScaleAcrossAxes = 0.25 });
        var bent = Enumerable.Range(0, 2000).Select(_ => ((SpatialDraw)transform.Draw(ref random, new DrawContext(Patch))).Bent!.Value).ToArray();
        Assert.All(bent, b => Assert.True(b is { ScaleX: >= 0.02 and <= 0.1, ScaleY: >= 0.02 and <= 0.1, MagnitudeX: >= 0 and <= 0.2, MagnitudeY: >= 0 and <= 0.2 }));
        Assert.InRange(bent.Count(b => b.ScaleX == b.ScaleY), 400, 600);
    }

    // White noise smoothed by a bell of deviation s is alike at a distance d by exp(−d²/(4 s²)).
    [Fact]
    public void Ways_are_alike_at_a_distance_as_the_bell_says_and_the_farthest_is_as_long_as_drawn()
    {
        var (alikeAcross, alikeDown) = (0.0, 0.0);
        const int Fields = 24;
        for (var key = 0ul; key < Fields; key++)
        {
            var ways = Ways(new ElasticDraw(ScaleY: 12 / 96.0, ScaleX: 8 / 128.0, MagnitudeY: 0.1, MagnitudeX: 0.05, key)).X;
            alikeAcross += Alike(ways, 0, 8) / Fields;
            alikeDown += Alike(ways, 12, 0) / Fields;
            Assert.Equal(0, ways.Average(), tolerance: 1e-3);
            Assert.InRange(ways.Max(Math.Abs), 0.05 * 64 * 0.6, 0.05 * 64 * 1.4);           // the mean was taken away
        }

        Assert.InRange(alikeAcross, Math.Exp(-0.25) - 0.06, Math.Exp(-0.25) + 0.06);
        Assert.InRange(alikeDown, Math.Exp(-0.25) - 0.06, Math.Exp(-0.25) + 0.06);
    }

    [Fact]
    public void Rows_and_columns_go_ways_of_their_own()
    {
        var (x, y) = Ways(new ElasticDraw(0.1, 0.1, MagnitudeY: 0.2, MagnitudeX: 0, 7));
        Assert.All(x, way => Assert.Equal(0, way, tolerance: 1e-4));
        Assert.InRange(y.Max(Math.Abs), 0.2 * 48 * 0.6, 0.2 * 48 * 1.4);
    }

    [Fact]
    public void A_mask_as_image_bends_as_the_mask_and_the_same_draw_gives_the_same_bytes()
    {
        var pipeline = new AugmentationPipeline([new SpatialTransform(new SpatialTransformOptions
        {
            Fill = 0, PElasticDeform = 1, PRotation = 1, PScaling = 1, PatchSize = new Frame(40, 48), Interpolation = Interpolation.Nearest, ElasticDeformScale = new(0.05, 0.2),
        })]);
        var sample = Golden.Sample(8, 8);
        for (var seed = 0; seed < 4; seed++)
        {
            var log = new List<AugmentationStep>();
            var bent = pipeline.Run(sample, RandomStream.For(seed, "bend"), new Workspace(), null, log);
            Assert.Equal(new Frame(40, 48), bent.Image.Frame);
            Assert.Equal(bent.Labels.Bytes.ToArray(), bent.Image.Bytes.ToArray());
            Assert.Equal(bent.Labels.Bytes.ToArray(), pipeline.Replay(sample, log, new Workspace()).Labels.Bytes.ToArray());
        }
    }

    private static (float[] X, float[] Y) Ways(ElasticDraw bent)
    {
        var field = Assert.IsType<GridField>(new SpatialTransform(new SpatialTransformOptions { Fill = 0 }).Map(new SpatialDraw(0, 1, 1, 0, bent), Patch));
        var (x, y) = (new float[Patch.Area], new float[Patch.Area]);
        field.Fill(x, y, new Workspace());
        for (var i = 0; i < x.Length; i++)
        {
            x[i] -= i % Patch.Width;
            y[i] -= i / Patch.Width;
        }

        return (x, y);
    }

    private static double Alike(float[] ways, int down, int across)
    {
        var (product, square) = (0.0, 0.0);
        for (var row = 0; row < Patch.Height - down; row++)
        {
            for (var column = 0; column < Patch.Width - across; column++)
            {
                var here = ways[(row * Patch.Width) + column];
                product += here * ways[((row + down) * Patch.Width) + column + across];
                square += here * here;
            }
        }

        return product / square;
    }
}
