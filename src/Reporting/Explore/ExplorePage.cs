using System.Globalization;
using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Imaging;

namespace Osteon.Reporting;

/// <summary>Writes a first look at a data set as one HTML file that asks nothing of the network; a small script switches classes on and off.</summary>
public static class ExplorePage
{
    private const int ToldPairs = 12;

    /// <summary>Writes the file whole or not at all.</summary>
    /// <param name="model">The same model gives the same bytes.</param>
    /// <param name="path">Replaced when it exists.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(ExploreModel model, string path) => AtomicFile.WriteAllText(path, Render(model));

    /// <summary>The page as text.</summary>
    public static string Render(ExploreModel model)
    {
        using var script = new StreamReader(typeof(ExplorePage).Assembly.GetManifestResourceStream("explore.js")!);
        return Page.Write($"Data of {model.Title}", Header(model),
        [
            ("samples", "Samples", Samples(model)),
            ("classes", "Area of each class", Areas(model)),
            ("overlap", "Which classes meet", Overlap(model)),
            ("places", "Where things are", Places(model)),
            ("images", "Images", Histograms(model.Images)),
            ("patients", "Patients", Histograms(model.Metadata)),
            ("findings", "What Check found", Findings(model)),
        ], script.ReadToEnd()).ToString();
    }

    private static Html Header(ExploreModel model)
    {
        var html = new Html().Add($"<header>\n<p class=\"eyebrow\">Data of experiment {model.Title}</p>\n<h1>A first look</h1>\n<dl class=\"tiles\">\n");
        foreach (var fact in model.Counts)
        {
            html.Add($"<div class=\"tile\"><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>\n");
        }

        return html.Add($"</dl>\n</header>\n");
    }

    private static Html Samples(ExploreModel model)
    {
        var html = new Html();
        if (model.Samples.Count == 0)
        {
            return html;
        }

        html.Add($"<div class=\"toggles\" role=\"group\" aria-label=\"Classes\">\n<button type=\"button\" data-all=\"1\">all</button><button type=\"button\" data-all=\"0\">none</button>\n");
        for (var k = 0; k < model.Classes.Count; k++)
        {
            html.Add($"<label><input type=\"checkbox\" data-class=\"{k}\" data-colour=\"{ClassColours.Hex(k)}\" checked><i style=\"background:{ClassColours.Hex(k)}\"></i>{model.Classes[k]}</label>\n");
        }

        html.Add($"</div>\n<div class=\"sheet\">\n");
        for (var i = 0; i < model.Samples.Count; i++)
        {
            var sample = model.Samples[i];
            html.Add($"<figure>\n<div class=\"layers\"><img src=\"data:image/jpeg;base64,{sample.Jpeg}\" alt=\"{sample.Id}\"><canvas data-sample=\"{i}\" width=\"{sample.Width}\" height=\"{sample.Height}\"></canvas></div>\n<figcaption>{sample.Id}</figcaption>\n</figure>\n");
        }

        html.Add($"</div>\n");
        return html.AddData(JsonSerializer.Serialize(model.Samples.Select(s => s.Runs)), "sample-runs");
    }

    private static Html Areas(ExploreModel model) => model.Labelled == 0 ? new Html() : new Html().Add(
        $"<p class=\"note\">Each box holds the middle half of the cases that have the class; dots are cases far from it.</p>\n<div class=\"scroll plain\">{BoxPlots.Write("share of the image's pixels, logarithmic", [.. model.Shares.Select((s, k) => new Box(model.Classes[k], [.. s.Order()], model.Labelled))])}</div>\n");

    private static Html Overlap(ExploreModel model)
    {
        var html = new Html();
        if (model.Labelled == 0 || model.Classes.Count < 2)
        {
            return html;
        }

        var greatest = Math.Max(1e-12, Pairs(model).Select(p => p.IoU).DefaultIfEmpty(0).Max());
        html.Add($"<p>{Percent(model.Overlapping)} of all pixels have two classes or more.</p>\n<div class=\"pair\">\n<figure><figcaption>Pixels of both over pixels of either <small>up to {Numbers.Score(greatest)}</small></figcaption>\n");
        html.Add($"{MatrixChart.Write("IoU of pairs of classes", model.Classes, (i, j) => Math.Sqrt(model.IoU[i][j] / greatest), (i, j) => i == j ? model.Classes[i] : $"{model.Classes[i]} and {model.Classes[j]}: IoU {Numbers.Score(model.IoU[i][j])}")}</figure>\n");
        html.Add($"<figure><figcaption>Cases with the row's class that have the column's too</figcaption>\n{MatrixChart.Write("Co-occurrence of pairs of classes", model.Classes, (i, j) => model.Together[i][i] == 0 ? 0 : (double)model.Together[i][j] / model.Together[i][i], (i, j) => i == j ? $"{model.Classes[i]}: {model.Together[i][i]} cases" : $"{model.Classes[j]} in {model.Together[i][j]} of {model.Together[i][i]} cases with {model.Classes[i]}")}</figure>\n</div>\n");
        var worst = Pairs(model).Where(p => p.IoU > 0).OrderByDescending(p => p.IoU).Take(ToldPairs).ToArray();
        if (worst.Length > 0)
        {
            html.Add($"<div class=\"scroll\"><table><caption>Pairs that overlap most.</caption><thead><tr><th scope=\"col\">Class</th><th scope=\"col\">Class</th><th scope=\"col\" class=\"n\">IoU</th></tr></thead><tbody>\n");
            foreach (var (i, j, iou) in worst)
            {
                html.Add($"<tr><td>{model.Classes[i]}</td><td>{model.Classes[j]}</td><td class=\"n\">{Numbers.Score(iou)}</td></tr>\n");
            }

            html.Add($"</tbody></table></div>\n");
        }

        return html;
    }

    private static IEnumerable<(int I, int J, double IoU)> Pairs(ExploreModel model) =>
        from i in Enumerable.Range(0, model.Classes.Count)
        from j in Enumerable.Range(i + 1, model.Classes.Count - i - 1)
        select (i, j, model.IoU[i][j]);

    private static Html Places(ExploreModel model)
    {
        var html = new Html();
        if (model.Mean is null)
        {
            return html;
        }

        html.Add($"<div class=\"pair\">\n<figure><figcaption>The mean of all images <small>stretched to a square</small></figcaption><img class=\"square\" src=\"data:image/jpeg;base64,{ImageFile.EncodeJpeg(model.Mean)}\" alt=\"Mean image\"></figure>\n");
        if (model.Labelled > 0)
        {
            html.Add($"<figure><figcaption>How often a place has any of the classes switched on above <small>bright: always</small></figcaption><canvas class=\"square\" id=\"heat\" width=\"{model.HeatSide}\" height=\"{model.HeatSide}\"></canvas></figure>\n");
        }

        return html.Add($"</div>\n").AddData(JsonSerializer.Serialize(model.Heat.Select(Convert.ToBase64String)), "heat-maps");
    }

    private static Html Histograms(IReadOnlyList<Histogram> histograms)
    {
        var html = new Html();
        if (histograms.Count == 0)
        {
            return html;
        }

        html.Add($"<div class=\"histograms\">\n");
        foreach (var histogram in histograms)
        {
            html.Add($"<figure><figcaption>{histogram.Title} <small>{histogram.Note}</small></figcaption>\n{BarChart.Write(histogram)}</figure>\n");
        }

        return html.Add($"</div>\n");
    }

    private static Html Findings(ExploreModel model)
    {
        if (model.Findings.Count == 0)
        {
            return new Html().Add($"<p>Nothing.</p>\n");
        }

        var html = new Html();
        foreach (var rule in model.Findings)
        {
            html.Add($"<h3>{rule.Name}</h3>\n{ContactSheet.Section(rule)}");
        }

        return html;
    }

    private static string Percent(double share) => (100 * share).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
