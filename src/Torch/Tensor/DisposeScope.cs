using System.Diagnostics.CodeAnalysis;

namespace TorchSharp;

/// <summary>
/// Owns the tensors made on its thread while it is the innermost, and frees them when it closes. Scopes nest; open and close
/// them on one thread, last in, first out. What should outlive it is moved out or detached.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic]
    private static DisposeScope? t_current;

    private readonly Lock _lock = new();
    private readonly List<torch.Tensor> _tensors = [];
    private readonly DisposeScope? _outer;
    private volatile bool _closed;

    internal DisposeScope()
    {
        _outer = Current;
        t_current = this;
    }

    /// <summary>Tensors it owns now.</summary>
    public int DisposablesCount
    {
        get
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            lock (_lock)
            {
                return _tensors.Count;
            }
        }
    }

    /// <summary>The innermost that is open: one may have been closed before those in it, or on another thread after an await.</summary>
    internal static DisposeScope? Current
    {
        get
        {
            while (t_current is { _closed: true } closed)
            {
                t_current = closed._outer;
            }

            return t_current;
        }
    }

    /// <summary>Hands a tensor of this scope to the one around it, or to the caller when there is none.</summary>
    public T MoveToOuter<T>(T disposable) where T : torch.Tensor
    {
        Detach(disposable);
        _outer?.Attach(disposable);
        return disposable;
    }

    /// <summary>Takes a tensor out; the caller owns it.</summary>
    public T Detach<T>(T disposable) where T : torch.Tensor
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        Remove(disposable);
        return disposable;
    }

    /// <summary>Takes a tensor in, out of whatever scope it was in.</summary>
    public T Attach<T>(T disposable) where T : torch.Tensor
    {
        disposable.Scope?.Remove(disposable);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            disposable.Scope = this;
            disposable.Slot = _tensors.Count;
            _tensors.Add(disposable);
        }

        return disposable;
    }

    /// <summary>Frees what it owns and makes the scope around it the innermost again.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
        }

        Free();
        _ = Current;
    }

    /// <summary>Frees what it owns; the scope stays open.</summary>
    public void DisposeEverything()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        Free();
    }

    private void Free()
    {
        torch.Tensor[] owned;
        lock (_lock)
        {
            owned = [.. _tensors];
            _tensors.Clear();
            foreach (var tensor in owned)
            {
                tensor.Scope = null;
            }
        }

        foreach (var tensor in owned)
        {
            tensor.Dispose();
        }
    }

    internal void Remove(torch.Tensor tensor)
    {
        lock (_lock)
        {
            // Another thread may have been faster.
            if (tensor.Scope != this)
            {
                return;
            }

            var last = _tensors[^1];
            _tensors[tensor.Slot] = last;
            last.Slot = tensor.Slot;
            _tensors.RemoveAt(_tensors.Count - 1);
            tensor.Scope = null;
        }
    }
}

public static partial class torch
{
    /// <summary>Opens a scope that owns the tensors this thread makes until it is disposed.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The caller owns it.")]
    public static DisposeScope NewDisposeScope() => new();
}
