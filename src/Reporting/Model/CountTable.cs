namespace Osteon.Reporting;

/// <summary>How many cases of which kind stand in which part of the data.</summary>
/// <param name="Caption">What is counted, and what to make of it.</param>
/// <param name="Columns">Kinds.</param>
/// <param name="Rows">Parts.</param>
public sealed record CountTable(string Caption, IReadOnlyList<string> Columns, IReadOnlyList<CountRow> Rows);

/// <summary>A part of the data.</summary>
/// <param name="Name">E.g. "test".</param>
/// <param name="Cells">One a column, as they are to be read.</param>
public sealed record CountRow(string Name, IReadOnlyList<string> Cells);
