using System.Text.Json.Nodes;
using Osteon.Abstractions;

namespace Osteon.Runner.Configuration;

/// <summary>Binds a choice's options to the record that documents them.</summary>
public static class OptionsBinder
{
    /// <summary>A record filled from options.</summary>
    /// <typeparam name="T">A record with a parameterless constructor and <c>init</c> properties.</typeparam>
    /// <param name="what">Begins every fault, e.g. <c>optimizer AdamW</c>.</param>
    /// <param name="options">Keys in snake_case; absent ones keep their defaults.</param>
    /// <exception cref="ConfigurationException">Unknown keys and wrong types, all at once.</exception>
    public static T Bind<T>(string what, JsonObject options) => (T)Bind(what, options, typeof(T));

    /// <summary>The kind of an abstract record that a choice names.</summary>
    /// <typeparam name="T">An abstract record, the kinds of which are named.</typeparam>
    /// <param name="what">Begins every fault, e.g. <c>train.optimizer</c>.</param>
    /// <param name="choice">The name and its options.</param>
    /// <exception cref="ConfigurationException">The name is unknown, or its options are wrong.</exception>
    public static T Bind<T>(string what, Choice choice)
        where T : class
    {
        var faults = new Faults();
        var bound = new RecordBinder(faults).Kind(typeof(T), choice.Name, null, Node.From(choice.Options), what);
        faults.ThrowIfAny();
        return (T)bound!;
    }

    /// <summary>A record of a type known only at run time, filled from options.</summary>
    /// <param name="what">Begins every fault.</param>
    /// <param name="options">Keys in snake_case; absent ones keep their defaults.</param>
    /// <param name="type">A record with a parameterless constructor and <c>init</c> properties.</param>
    /// <exception cref="ConfigurationException">Unknown keys and wrong types, all at once.</exception>
    public static object Bind(string what, JsonObject options, Type type)
    {
        var faults = new Faults();
        var bound = new RecordBinder(faults).Record(Node.From(options), type, what);
        faults.ThrowIfAny();
        return bound;
    }
}
