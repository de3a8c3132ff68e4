using System.Globalization;

namespace Osteon.Reporting;

/// <summary>The ensemble and its members, a row each.</summary>
internal static class MembersSection
{
    public static Html Write(ReportModel model)
    {
        var html = new Html();
        if (model.Members.Count == 0)
        {
            return html;
        }

        var best = EnsembleVerdict.Of(model)?.Best;
        var reference = model.Ensemble ?? best;
        var values = model.Members.Append(model.Ensemble).OfType<MemberScore>().Select(m => m.MeanDice);
        var strip = DotStrip.Over(values, reference?.MeanDice ?? double.NaN);
        html.Add($"""
            <div class="scroll" role="region" aria-label="Members" tabindex="0">
            <table>
            <caption>Mean Dice and IoU. The line in each strip is the {(model.Ensemble is null ? "best member" : "ensemble")}; strips span {Numbers.Score(strip.Low)} to {Numbers.Score(strip.High)}.</caption>
            <thead><tr><th scope="col">Member</th><th scope="col">Model</th><th scope="col" class="n">Fold</th><th scope="col" class="n">Mean Dice</th><th scope="col"><span class="unseen">Mean Dice as a strip</span></th><th scope="col" class="n">Mean IoU</th>{AccuracyHeader(model)}<th scope="col" class="n">To the {(model.Ensemble is null ? "best" : "ensemble")}</th></tr></thead>
            <tbody>

            """);
        if (model.Ensemble is { } ensemble)
        {
            Row(html, ensemble, strip, null, "ensemble", "");
        }

        foreach (var member in model.Members)
        {
            var isBest = ReferenceEquals(member, best);
            Row(html, member, strip, member.MeanDice - (reference?.MeanDice ?? double.NaN), isBest ? "best" : "", isBest ? "best" : "");
        }

        return html.Add($"</tbody>\n</table>\n</div>\n");
    }

    private static Html AccuracyHeader(ReportModel model) => model.Members[0].PixelAccuracy is null
        ? new Html()
        : new Html().Add($"<th scope=\"col\" class=\"n\">Pixel accuracy</th>");

    private static Html AccuracyCell(MemberScore score) => score.PixelAccuracy is { } accuracy
        ? new Html().Add($"<td class=\"n\">{Numbers.Score(accuracy)}</td>")
        : new Html();

    private static void Row(Html html, MemberScore score, DotStrip strip, double? difference, string kind, string badge)
    {
        html.Add($"<tr class=\"{kind}\"><th scope=\"row\">{score.Name}");
        if (badge.Length > 0)
        {
            html.Add($" <span class=\"badge\">{badge}</span>");
        }

        html.Add($"</th><td>{score.Model}</td><td class=\"n\">{score.Fold?.ToString(CultureInfo.InvariantCulture) ?? ""}</td>");
        html.Add($"<td class=\"n\">{Numbers.Score(score.MeanDice)}</td><td class=\"strip\">{strip.Write(score.MeanDice)}</td>");
        html.Add($"<td class=\"n\">{Numbers.Score(score.MeanIoU)}</td>{AccuracyCell(score)}<td class=\"n\">{(difference is { } d ? Numbers.Signed(d) : "")}</td></tr>\n");
    }
}
