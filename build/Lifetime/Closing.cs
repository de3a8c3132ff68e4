namespace Osteon.Build;

/// <summary>What comes after Cake's own report: things to let go of, and the lines that are to stand last.</summary>
public sealed class Closing : IDisposable
{
    private readonly Stack<IDisposable> _owned = [];
    private readonly List<Func<string>> _lines = [];

    /// <summary>Disposes something at the end, last come first.</summary>
    public T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Push(owned);
        return owned;
    }

    /// <summary>Prints a line at the end.</summary>
    public void Say(string line) => _lines.Add(() => line);

    /// <summary>Prints a line at the end that is only known then.</summary>
    public void Say(Func<string> line) => _lines.Add(line);

    /// <inheritdoc />
    public void Dispose()
    {
        while (_owned.TryPop(out var owned))
        {
            owned.Dispose();
        }

        foreach (var line in _lines)
        {
            Console.Out.WriteLine(line());
        }
    }
}
