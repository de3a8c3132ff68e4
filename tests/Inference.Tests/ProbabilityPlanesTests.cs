using Osteon.Abstractions;
using Osteon.Masks;
using static TorchSharp.torch;

namespace Osteon.Inference.Tests;

public sealed class ProbabilityPlanesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-probabilities-").FullName;

    [Theory]
    [InlineData(LabelMode.Multilabel)]
    [InlineData(LabelMode.Multiclass)]
    public void Are_the_network_s_to_half_a_level(LabelMode mode)
    {
        using var tensor = Logits();
        using var expected = mode == LabelMode.Multilabel ? tensor.sigmoid() : tensor.softmax(0);
        using var logits = new LogitPlanes(tensor.clone(), 1);
        var path = Path.Combine(_folder, "a.prob");
        ProbabilityPlanes.Of(logits, mode).Save(path);
        var planes = ProbabilityPlanes.Load(path);
        Assert.Equal((3, new Frame(9, 14)), (planes.Classes, planes.Frame));
        for (var k = 0; k < 3; k++)
        {
            var sums = new float[planes.Frame.Area];
            ProbabilityPlanes.AddTo(sums, planes.Levels8(k), 1);
            using var plane = expected[k].contiguous();
            Assert.All(plane.data<float>().Zip(sums), pair => Assert.Equal(pair.First, pair.Second, tolerance: (1f / 510) + 1e-5f));
        }
    }

    [Fact]
    public void The_mean_of_equal_members_is_the_member()
    {
        using var logits = new LogitPlanes(Logits(), 1);
        var member = ProbabilityPlanes.Of(logits, LabelMode.Multilabel);
        var (one, mean) = (new float[member.Frame.Area], new float[member.Frame.Area]);
        ProbabilityPlanes.AddTo(one, member.Levels8(1), 1);
        foreach (var weight in new[] { 0.25f, 0.5f, 0.25f })
        {
            ProbabilityPlanes.AddTo(mean, member.Levels8(1), weight);
        }

        Assert.All(one.Zip(mean), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-6f));
        var scaling = new LinearScaling(member.Frame, new Frame(30, 41));
        Assert.Equal(scaling.Above(one, 0.52f), scaling.Above(mean, 0.52f));
    }

    [Fact]
    public void A_damaged_file_is_told()
    {
        var path = Path.Combine(_folder, "a.prob");
        using (var logits = new LogitPlanes(Logits(), 1))
        {
            ProbabilityPlanes.Of(logits, LabelMode.Multilabel).Save(path);
        }

        var bytes = File.ReadAllBytes(path);
        foreach (var damaged in new[] { bytes[..7], bytes[..20], bytes[..^1], [.. bytes, 0], [.. "NOTPROB1"u8, .. bytes[8..]] })
        {
            File.WriteAllBytes(path, damaged);
            Assert.Contains("damaged", Assert.Throws<DataException>(() => ProbabilityPlanes.Load(path)).Message, StringComparison.Ordinal);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Tensor Logits()
    {
        manual_seed(5);
        return (randn([3, 9, 14]) * 4).DetachFromDisposeScope();
    }
}
