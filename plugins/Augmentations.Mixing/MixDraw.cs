using System.Text;

namespace Osteon.Plugins.Augmentations.Mixing;

/// <summary>What every mixture draws: the further samples it takes.</summary>
/// <param name="Others">Places in the source.</param>
public abstract record MixDraw(IReadOnlyList<int> Others)
{
    /// <summary>By value, the places too.</summary>
    public virtual bool Equals(MixDraw? other) => other is not null && EqualityContract == other.EqualityContract && Others.SequenceEqual(other.Others);

    /// <inheritdoc/>
    public override int GetHashCode() => Others.Aggregate(17, (hash, place) => (hash * 31) + place);

    /// <summary>Names and values.</summary>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Others = [").AppendJoin(", ", Others).Append(']');
        return true;
    }
}
