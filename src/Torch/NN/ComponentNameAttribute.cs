namespace TorchSharp.Utils;

/// <summary>Gives a field's component another name in the state dictionary, one that C# cannot spell.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class ComponentNameAttribute : Attribute
{
    public string? Name { get; set; }
}
