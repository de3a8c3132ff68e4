using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>The stack from a new tensor up to the first method outside this library: equal for tensors made by the same line in the same way.</summary>
internal sealed class CreationSite : IEquatable<CreationSite>
{
    private const int MostCallers = 4;
    private static readonly ConcurrentDictionary<CreationSite, CreationSite> s_known = new();
    private readonly (MethodBase Method, int Offset)[] _calls;
    private readonly int _hash;
    private string? _file;
    private int _line;
    private string[] _callers = [];

    private CreationSite((MethodBase Method, int Offset)[] calls)
    {
        _calls = calls;
        var hash = default(HashCode);
        Array.ForEach(calls, call => hash.Add(call));
        _hash = hash.ToHashCode();
    }

    public static CreationSite OfCaller()
    {
        var site = new CreationSite([.. Inside(new StackTrace(fNeedFileInfo: false)).Select(frame => (frame.GetMethod()!, frame.GetILOffset()))]);
        return s_known.TryGetValue(site, out var known) ? known : s_known.GetOrAdd(site, site.Located());
    }

    public TensorSite With(long count, long bytes) =>
        new(Name(_calls[^1].Method), _file, _line, [.. _calls[..^1].Select(call => Name(call.Method))], _callers, count, bytes);

    public bool Equals(CreationSite? other) => other is not null && _hash == other._hash && _calls.AsSpan().SequenceEqual(other._calls);

    public override bool Equals(object? obj) => Equals(obj as CreationSite);

    public override int GetHashCode() => _hash;

    /// <summary>Reads the symbols, which takes long, once for each site.</summary>
    private CreationSite Located()
    {
        var trace = new StackTrace(fNeedFileInfo: true);
        var place = Inside(trace)[^1];
        (_file, _line) = (place.GetFileName(), place.GetFileLineNumber());
        _callers = [.. Frames(trace).SkipWhile(frame => frame != place).Skip(1).Take(MostCallers).Select(frame => Name(frame.GetMethod()!))];
        return this;
    }

    private static List<StackFrame> Inside(StackTrace trace)
    {
        var calls = new List<StackFrame>();
        foreach (var frame in Frames(trace))
        {
            calls.Add(frame);
            if (frame.GetMethod()!.Module.Assembly != typeof(Tensor).Assembly)
            {
                break;
            }
        }

        return calls;
    }

    /// <summary>All but those of the tracing itself and the constructors it is called from.</summary>
    private static IEnumerable<StackFrame> Frames(StackTrace trace) => trace.GetFrames().Where(frame => frame.GetMethod() is not null)
        .SkipWhile(frame => frame.GetMethod()!.DeclaringType is { } type && (type == typeof(CreationSite) || type == typeof(TensorTrace) || type == typeof(TensorMemory) || type == typeof(TensorReference) || typeof(Tensor).IsAssignableFrom(type) && frame.GetMethod()!.Name is ".ctor" or nameof(Tensor.Own)));

    private static string Name(MethodBase method) => $"{method.DeclaringType?.FullName?.Replace('+', '.')}.{method.Name}";
}
