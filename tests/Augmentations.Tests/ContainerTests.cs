using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Plugins.Augmentations.Basic;
using Osteon.Plugins.Augmentations.Intensity;

namespace Osteon.Augmentations.Tests;

public sealed class ContainerTests
{
    private const int Runs = 4000;

    [Fact]
    public void OneOf_runs_each_as_often_as_its_weight_says()
    {
        var names = Drawn(new OneOf(new OneOfOptions { P = 1, Transforms = [new HorizontalFlip(new FlipOptions { P = 0.2 }), new InvertImg(new InvertImgOptions { P = 0.6 }), new VerticalFlip(new FlipOptions { P = 0 })] }));
        Assert.All(names, n => Assert.Single(n));
        Assert.InRange(names.Count(n => n[0] == "InvertImg"), 2870, 3130);     // three quarters ± 4.7 standard deviations
        Assert.DoesNotContain(names, n => n[0] == "VerticalFlip");
    }

    [Fact]
    public void SomeOf_keeps_the_order_and_each_one_s_own_p()
    {
        var names = Drawn(new SomeOf(new SomeOfOptions { N = 2, Transforms = [new HorizontalFlip(new FlipOptions { P = 1 }), new InvertImg(new InvertImgOptions()), new VerticalFlip(new FlipOptions { P = 1 })] }));
        Assert.All(names, n => Assert.True(n.SequenceEqual(n.OrderBy(Place)) && n.Distinct().Count() == n.Length));
        Assert.InRange(names.Sum(n => n.Length), 6520, 6814);                  // each 2/3 of the runs, one of them halved: 5/3 a run
    }

    [Fact]
    public void SomeOf_with_replacement_may_run_one_twice() =>
        Assert.Contains(Drawn(new SomeOf(new SomeOfOptions { N = 2, Replace = true, Transforms = [new HorizontalFlip(new FlipOptions { P = 1 }), new InvertImg(new InvertImgOptions { P = 1 })] })), n => n is [var a, var b] && a == b);

    [Fact]
    public void Sequential_runs_all_or_none()
    {
        var names = Drawn(new Sequential(new SequentialOptions { Transforms = [new HorizontalFlip(new FlipOptions { P = 1 }), new InvertImg(new InvertImgOptions { P = 1 })] }));
        Assert.All(names, n => Assert.True(n.Length is 0 or 2));
        Assert.InRange(names.Count(n => n.Length == 2), 1850, 2150);
    }

    [Fact]
    public void A_mirror_swaps_the_classes_of_two_sides_and_a_turn_does_not()
    {
        var sample = Golden.Sample(8, 8);
        var options = new D4Options { SwapClasses = [["b", "d"], ["a", "h"]] };
        var d4 = (D4)new D4(options).For(["a", "b", "c", "d", "e", "f", "g", "h"]);
        var plain = new D4(new D4Options());
        foreach (var orientation in Enumerable.Range(0, 8).Select(o => (Orientation)o))
        {
            var mirrors = orientation is Orientation.FlipRows or Orientation.FlipColumns or Orientation.Transpose or Orientation.AntiTranspose;
            var moved = AugmentationPipeline.Apply(plain, sample, orientation).Labels.Bytes.ToArray();
            var expected = mirrors ? Array.ConvertAll(moved, w => (byte)((w & 0b0111_0100) | (w >> 2 & 2) | (w << 2 & 8) | (w >> 7 & 1) | (w << 7 & 128))) : moved;
            Assert.Equal(expected, AugmentationPipeline.Apply(d4, sample, orientation).Labels.Bytes.ToArray());
        }
    }

    [Fact]
    public void Classes_that_are_not_there_are_named_with_those_that_are()
    {
        var flip = new HorizontalFlip(new FlipOptions { SwapClasses = [["Left ulna", "Right ulna"]] });
        var refusal = Assert.Throws<ConfigurationException>(() => flip.For(["Left ulna", "Radius"]));
        Assert.Contains("'Right ulna'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Left ulna, Radius", refusal.Message, StringComparison.Ordinal);
    }

    private static int Place(string name) => name switch { "HorizontalFlip" => 0, "InvertImg" => 1, _ => 2 };

    private static List<string[]> Drawn(Augmentation augmentation)
    {
        var (pipeline, sample, stream, all) = (new AugmentationPipeline([augmentation]), Golden.Sample(8, 8), RandomStream.For(3, "containers"), new List<string[]>());
        for (var i = 0; i < Runs; i++)
        {
            List<AugmentationStep> log = [];
            pipeline.Run(sample, stream.At(i), new Workspace(), log: log);
            all.Add([.. log.Select(s => s.Name)]);
        }

        return all;
    }
}
