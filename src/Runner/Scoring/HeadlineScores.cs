namespace Osteon.Runner;

/// <summary>Tells lock, console and MLflow the same numbers under the same names.</summary>
internal static class HeadlineScoresExtensions
{
    /// <summary>dice, iou and, where it means something, pixel_accuracy; Dice by class to MLflow alone.</summary>
    public static void HeadlineScores(this UnitRun run, ScoreTable scores)
    {
        if (scores.Cases.Count == 0)
        {
            return;
        }

        run.Headline("dice", scores.Dice);
        run.Headline("iou", scores.Iou);
        if (scores.Accuracy is { } accuracy)
        {
            run.Headline("pixel_accuracy", accuracy);
        }

        for (var k = 0; k < scores.Classes.Count; k++)
        {
            run.Log.Metric($"test/dice/{scores.Classes[k]}", scores.ClassDice[k]);
        }
    }
}
