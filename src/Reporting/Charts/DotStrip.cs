namespace Osteon.Reporting;

/// <summary>A value as a dot on a short line, beside a reference mark; all rows of a table share the span.</summary>
/// <param name="Axis">The shared span.</param>
/// <param name="Reference">Where the upright mark stands; NaN: none.</param>
internal readonly record struct DotStrip(Axis Axis, double Reference)
{
    private const double Width = 140, Height = 16;

    /// <summary>The value at the left end.</summary>
    public double Low => Axis.Low;

    /// <summary>The value at the right end.</summary>
    public double High => Axis.High;

    public static DotStrip Over(IEnumerable<double> values, double reference) => new(Axis.Around(values, 4, 5, Width - 5), reference);

    public Html Write(double value)
    {
        var svg = new Html().Add($"<svg class=\"dots\" viewBox=\"0 0 {Width} {Height}\" aria-hidden=\"true\"><line class=\"grid\" x1=\"5\" x2=\"{Width - 5}\" y1=\"8\" y2=\"8\"/>");
        if (double.IsFinite(Reference))
        {
            svg.Add($"<line class=\"reference\" x1=\"{Axis.Map(Reference)}\" x2=\"{Axis.Map(Reference)}\" y1=\"2\" y2=\"14\"/>");
        }

        if (double.IsFinite(value))
        {
            svg.Add($"<circle class=\"dot\" cx=\"{Axis.Map(value)}\" cy=\"8\" r=\"4\"/>");
        }

        return svg.Add($"</svg>");
    }
}
