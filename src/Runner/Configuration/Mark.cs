namespace Osteon.Runner.Configuration;

/// <summary>Where a value of an experiment was written.</summary>
/// <param name="Place">A file relative to the repository's root, or the option that set it, e.g. <c>--set train.epochs=5</c>.</param>
/// <param name="Line">From 1; 0 where lines mean nothing.</param>
/// <param name="Column">From 1; 0 where columns mean nothing.</param>
/// <param name="Variable">The environment variable that was asked for the value; null for what is written out.</param>
public sealed record Mark(string Place, int Line = 0, int Column = 0, string? Variable = null)
{
    /// <summary>As compilers write it, so that editors make a link of it: <c>experiments/base.yaml(14,12)</c>.</summary>
    public override string ToString() => Line == 0 ? Place : $"{Place}({Line},{Column})";
}
