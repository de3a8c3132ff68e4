namespace Osteon.Reporting;

/// <summary>Parts of an ensemble and what each is worth.</summary>
/// <param name="Title">What a row is.</param>
/// <param name="Caption">What it was measured on.</param>
/// <param name="Rows">In the order to show.</param>
public sealed record PartTable(string Title, string Caption, IReadOnlyList<PartRow> Rows);

/// <summary>A part; NaN where there is no number.</summary>
/// <param name="Name">As it is spoken of.</param>
/// <param name="Weight">What it counts.</param>
/// <param name="Dice">Alone.</param>
/// <param name="Without">The ensemble's Dice without it.</param>
/// <param name="Adds">The ensemble's Dice less that.</param>
public sealed record PartRow(string Name, double Weight, double Dice, double Without, double Adds);
