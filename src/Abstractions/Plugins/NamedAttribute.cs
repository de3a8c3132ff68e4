namespace Osteon.Abstractions;

/// <summary>
/// A name that an experiment writes instead of the one made from C#'s: of a record, where an experiment chooses among the kinds
/// of the record's abstract base; of an option whose name in the field is not snake_case, as T_max.
/// </summary>
/// <remarks>
/// Other options take their ranges from <see cref="System.ComponentModel.DataAnnotations.RangeAttribute"/>, what must be written from
/// <c>required</c>, and what holds between options from <see cref="System.ComponentModel.DataAnnotations.IValidatableObject"/>.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, Inherited = false)]
public sealed class NamedAttribute(string name) : Attribute
{
    /// <summary>As it is written in YAML.</summary>
    public string Name { get; } = name;
}
