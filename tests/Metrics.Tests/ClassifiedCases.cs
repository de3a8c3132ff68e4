using FsCheck;
using FsCheck.Fluent;

namespace Osteon.Metrics.Tests;

/// <summary>Classified cases with many ties, classes that are absent, and now and then no case of anything else.</summary>
internal sealed record ClassifiedCases(int Classes, int[] Truth, double[][] Probabilities)
{
    public ClassificationScores Scores => ClassificationScores.Of(Truth, Probabilities, Classes);

    public int[] Predicted => [.. Probabilities.Select(ClassificationScores.MostProbable)];

    public bool[] Are(int k) => [.. Truth.Select(t => t == k)];

    public double[] Of(int k) => [.. Probabilities.Select(p => p[k])];

    public static Arbitrary<ClassifiedCases> Any { get; } =
        (from classes in Gen.Choose(2, 5)
         from cases in Gen.Choose(1, 40)
         from steps in Gen.Elements(2, 5, 1000)
         from seed in Gen.Choose(0, int.MaxValue - 1)
         select Draw(classes, cases, steps, new Random(seed))).ToArbitrary();

    private static ClassifiedCases Draw(int classes, int cases, int steps, Random random)
    {
        var occurring = random.Next(1, classes + 1);
        return new ClassifiedCases(classes, [.. Enumerable.Range(0, cases).Select(_ => random.Next(occurring))],
            [.. Enumerable.Range(0, cases).Select(_ => Enumerable.Range(0, classes).Select(_ => (double)random.Next(steps + 1) / steps).ToArray())]);
    }
}
