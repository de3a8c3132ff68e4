using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public abstract partial class Module
        {
            public virtual IEnumerable<(string name, Module module)> named_children() => Open(_modules);

            public virtual IEnumerable<Module> children() => Open(_modules).Select(m => m.Value);

            /// <summary>All parts below this one, depth first; names as in the state dictionary.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var (name, module) in Open(_modules))
                {
                    yield return (name, module);
                    foreach (var (below, part) in module.named_modules())
                    {
                        yield return ($"{name}.{below}", part);
                    }
                }
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            /// <summary>Parameters in the order of the state dictionary; one that is shared comes once.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
                return Walk(string.Empty, recurse, m => m.Open(m._parameters)).Where(p => seen.Add(p.Value));
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true) => Walk(string.Empty, recurse, m => m.Open(m._buffers));

            public virtual IEnumerable<Tensor> buffers(bool recurse = true) => named_buffers(recurse).Select(b => b.buffer);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            public virtual Parameter? get_parameter(string target) => named_parameters().FirstOrDefault(p => p.name == target).parameter;

            public virtual Tensor? get_buffer(string target) => named_buffers().FirstOrDefault(b => b.name == target).buffer;

            /// <summary>
            /// Parameters and persistent buffers by name, in PyTorch's order: those of a module before its children's. The
            /// tensors are the module's own, not copies.
            /// </summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                AddTo(destination, string.IsNullOrEmpty(prefix) ? string.Empty : prefix + ".");
                return destination;
            }

            /// <summary>Copies values into this module's tensors, converting type and device.</summary>
            /// <param name="source">Values by name; not disposed.</param>
            /// <param name="strict">Whether every key must fit, in both directions.</param>
            /// <param name="skip">Keys left alone.</param>
            /// <returns>Keys that the source lacks, and keys that this module lacks.</returns>
            /// <exception cref="InvalidOperationException">Keys or shapes do not fit; all faults in one message, nothing copied.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keys) load_state_dict(IReadOnlyDictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var own = state_dict();
                var skipped = new HashSet<string>(skip ?? []);
                var missing = own.Keys.Where(k => !source.ContainsKey(k) && !skipped.Contains(k)).ToList();
                var unexpected = source.Keys.Where(k => !own.ContainsKey(k) && !skipped.Contains(k)).ToList();
                var shared = own.Where(e => source.ContainsKey(e.Key) && !skipped.Contains(e.Key)).ToList();
                var faults = shared.Where(e => !e.Value.shape.AsSpan().SequenceEqual(source[e.Key].shape))
                    .Select(e => $"{e.Key} is [{string.Join(", ", source[e.Key].shape)}], must be [{string.Join(", ", e.Value.shape)}]").ToList();
                if (strict && missing.Count > 0)
                {
                    faults.Add($"missing keys: {string.Join(", ", missing)}");
                }

                if (strict && unexpected.Count > 0)
                {
                    faults.Add($"unexpected keys: {string.Join(", ", unexpected)}");
                }

                if (faults.Count > 0)
                {
                    throw new InvalidOperationException($"The state dictionary does not fit {_name}:\n  {string.Join("\n  ", faults)}");
                }

                using var grad = no_grad();
                foreach (var (name, tensor) in shared)
                {
                    tensor.copy_(source[name]);
                }

                return (missing, unexpected);
            }

            /// <summary>Replaces the memory under every tensor of this module, gradients included; references to them stay good.</summary>
            internal void Convert(Func<Tensor, Tensor> to)
            {
                using var grad = no_grad();
                using var scope = NewDisposeScope();
                foreach (var (_, parameter) in named_parameters())
                {
                    var before = parameter.grad;
                    parameter.SetData(to(parameter));
                    parameter.grad = before is null ? null : to(before);
                }

                foreach (var (_, buffer) in named_buffers())
                {
                    buffer.SetData(to(buffer));
                }
            }

            private void AddTo(Dictionary<string, Tensor> destination, string prefix)
            {
                foreach (var (name, parameter) in Open(_parameters))
                {
                    destination[prefix + name] = parameter;
                }

                foreach (var (name, buffer) in _buffers.Where(b => !_transient.Contains(b.Name)))
                {
                    destination[prefix + name] = buffer;
                }

                foreach (var (name, module) in _modules)
                {
                    module.AddTo(destination, prefix + name + ".");
                }
            }

            private IEnumerable<(string Name, T Value)> Walk<T>(string prefix, bool recurse, Func<Module, IEnumerable<(string Name, T Value)>> of)
            {
                foreach (var (name, value) in of(this))
                {
                    yield return (prefix + name, value);
                }

                if (!recurse)
                {
                    yield break;
                }

                foreach (var (name, module) in _modules)
                {
                    foreach (var found in module.Walk($"{prefix}{name}.", true, of))
                    {
                        yield return found;
                    }
                }
            }
        }
    }
}

/// <summary>Moves and converts a module in place, and returns it as the type it has.</summary>
public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, torch.Device device, bool non_blocking = false) where T : torch.nn.Module
    {
        module.Convert(t => t.to(device, non_blocking: non_blocking));
        return module;
    }

    /// <summary>Converts floating-point tensors; integer buffers stay.</summary>
    public static T to<T>(this T module, torch.ScalarType type) where T : torch.nn.Module
    {
        module.Convert(t => t.is_floating_point() ? t.to(type) : t);
        return module;
    }

    public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1) where T : torch.nn.Module => module.to(new torch.Device(deviceType, deviceIndex));

    public static T cpu<T>(this T module) where T : torch.nn.Module => module.to(torch.CPU);

    public static T cuda<T>(this T module, int deviceIndex = -1) where T : torch.nn.Module => module.to(DeviceType.CUDA, deviceIndex);
}
