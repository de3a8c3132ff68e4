using Osteon.Abstractions;

namespace Osteon.Runner.Configuration;

/// <summary>A plugin and its options as one argument of the command line, written as in an experiment: <c>nnunet</c>, <c>{nnunet: {id: 7}}</c>.</summary>
public static class ChoiceText
{
    /// <summary>Reads one.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="argument">What errors call it.</param>
    /// <exception cref="ConfigurationException">It is no choice; all faults at once.</exception>
    public static Choice Read(string text, string argument)
    {
        var faults = new Faults();
        var mark = new Mark(argument);
        Choice? choice = null;
        if (YamlReader.ReadValue(text, mark, faults) is { } node && !new RecordBinder(faults).TryChoice(node, string.Empty, out choice))
        {
            faults.Add(mark, string.Empty, "expected a name, or {name: {option: value}}.");
        }

        faults.ThrowIfAny();
        return choice ?? throw new ConfigurationException($"{argument} is empty; expected a name, or {{name: {{option: value}}}}.");
    }
}
