namespace Osteon.Reporting;

/// <summary>Loss and Dice over epochs, a row of two charts a member, and a small one for each class.</summary>
internal static class CurvesSection
{
    private static readonly string[] Styles = ["s3", "s1", "s2"];

    public static Html Write(ReportModel model)
    {
        var html = new Html();
        if (model.Curves.Count == 0)
        {
            return html;
        }

        html.Add($"<div class=\"curves\">\n");
        foreach (var member in model.Curves)
        {
            html.Add($"<figure>\n<figcaption>{member.Name}{Summary(member)}</figcaption>\n<div class=\"pair\">\n");
            html.Add($"{Loss(member).Write()}\n{Dice(member).Write()}\n");
            html.Add($"</div>\n{Classes(member)}</figure>\n");
        }

        return html.Add($"</div>\n");
    }

    /// <summary>The chart of losses.</summary>
    public static LineChart Loss(MemberCurves member) => new($"{member.Name}: loss", "Loss", Last(member),
    [
        new Series("train loss", "s1", [.. member.Epochs.Select(e => (e.Epoch, e.TrainLoss))]),
        new Series("validation loss", "s2", [.. member.Epochs.Select(e => (e.Epoch, e.ValidationLoss))]),
    ], Ceiling(member));

    /// <summary>The chart of Dice, or of the scores that stand in its place.</summary>
    public static LineChart Dice(MemberCurves member) => member.Scores.Count > 0
        ? new($"{member.Name}: validation scores", "Score", Last(member), [.. member.Scores.Select((s, i) => new Series(s.Name, Styles[i % Styles.Length], s.Points, MarkGreatest: i == 0))])
        : new($"{member.Name}: validation Dice", "Dice", Last(member),
    [
        new Series("validation Dice", "s3", [.. member.Epochs.Select(e => (e.Epoch, e.ValidationDice))], MarkGreatest: true),
    ]);

    // Folded away: twenty members of thirty classes are six hundred small charts.
    private static Html Classes(MemberCurves member)
    {
        var html = new Html();
        if (member.Classes.Count == 0)
        {
            return html;
        }

        html.Add($"<details><summary>Validation {What(member)} of each class</summary>\n<div class=\"small\">\n");
        foreach (var curve in member.Classes)
        {
            html.Add($"{SmallCurve.Write(curve, Last(member), What(member))}");
        }

        return html.Add($"</div>\n</details>\n");
    }

    private static string What(MemberCurves member) => member.Scores.Count > 0 ? member.Scores[0].Name : "Dice";

    private static int Last(MemberCurves member) => member.Epochs.Count > 0 ? member.Epochs.Max(e => e.Epoch) : 0;

    // The first epochs' validation loss can be a hundred times the rest, until batch normalisation has its averages.
    private static double Ceiling(MemberCurves member) =>
        2 * member.Epochs.Select(e => e.TrainLoss).Where(double.IsFinite).DefaultIfEmpty(double.PositiveInfinity).Max();

    private static Html Summary(MemberCurves member)
    {
        IEnumerable<(int Epoch, double Value)> points = member.Scores.Count > 0 ? member.Scores[0].Points : member.Epochs.Select(e => (e.Epoch, e.ValidationDice));
        (int Epoch, double Value)[] scored = [.. points.Where(p => double.IsFinite(p.Value))];
        return scored.Length == 0
            ? new Html()
            : new Html().Add($" <small>best validation {What(member)} {Numbers.Score(scored.Max(p => p.Value))} at epoch {scored.MaxBy(p => p.Value).Epoch} of {member.Epochs.Count}{(member.Kept is { } kept ? $"; epoch {kept.Epoch} was kept, by {kept.By}" : "")}</small>");
    }
}
