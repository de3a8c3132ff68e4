using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// A part of a network: parameters, buffers and further modules under names, which make up the state dictionary's keys.
        /// It owns its parameters and buffers, whatever scope it was built in, and its children.
        /// </summary>
        [SuppressMessage("Design", "CA1063", Justification = "Owns managed objects only; its tensors have finalisers of their own.")]
        public abstract partial class Module : IDisposable
        {
            private readonly string _name;
            private readonly Ordered<Module> _modules = new();
            private readonly Ordered<Parameter> _parameters = new();
            private readonly Ordered<Tensor> _buffers = new();
            private readonly HashSet<string> _transient = [];
            private bool _disposed;

            protected Module(string name) => _name = name;

            /// <summary>Whether layers behave as in training: dropout drops, batch norm learns.</summary>
            public bool training { get; internal set; } = true;

            public virtual string GetName() => _name;

            public virtual void register_module(string name, Module submodule) => _modules.Add(Checked(name), submodule);

            /// <summary>Takes the parameter over; null is skipped, as a layer without bias has none.</summary>
            public virtual void register_parameter(string name, Parameter? param)
            {
                if (param is not null)
                {
                    param.DetachFromDisposeScope();
                    _parameters.Add(Checked(name), param);
                }
            }

            /// <summary>Takes over a tensor that is saved and moved with the module but not trained.</summary>
            /// <param name="name">Its key.</param>
            /// <param name="tensor">The tensor; null is skipped.</param>
            /// <param name="persistent">Whether the state dictionary holds it.</param>
            public virtual void register_buffer(string name, Tensor? tensor, bool persistent = true)
            {
                if (tensor is null)
                {
                    return;
                }

                tensor.DetachFromDisposeScope();
                _buffers.Add(Checked(name), tensor);
                if (!persistent)
                {
                    _transient.Add(name);
                }
            }

            /// <summary>
            /// Registers what the fields hold under the fields' names: modules, parameters, and other tensors as buffers. Null
            /// fields are skipped; what is registered already stays. Call it at the end of the constructor.
            /// </summary>
            [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Networks are not trimmed.")]
            protected virtual void RegisterComponents()
            {
                var types = new Stack<Type>();
                for (var type = GetType(); type is not null && type != typeof(Module); type = type.BaseType!)
                {
                    types.Push(type);
                }

                foreach (var field in types.SelectMany(t => t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)))
                {
                    // Backing fields of properties and captured constructor parameters have no name of their own.
                    if (field.IsDefined(typeof(CompilerGeneratedAttribute), false) || field.Name.StartsWith('<'))
                    {
                        continue;
                    }

                    var name = field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
                    switch (field.GetValue(this))
                    {
                        case Module module when !_modules.Holds(name, module): register_module(name, module); break;
                        case Parameter parameter when !_parameters.Holds(name, parameter): register_parameter(name, parameter); break;
                        case Tensor tensor and not Modules.Parameter when !_buffers.Holds(name, tensor): register_buffer(name, tensor); break;
                    }
                }
            }

            public virtual void train(bool train = true)
            {
                foreach (var (_, module) in Open(_modules))
                {
                    module.train(train);
                }

                training = train;
            }

            public void eval() => train(false);

            /// <summary>Calls a function on every part, children first.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, module) in Open(_modules))
                {
                    module.apply(fn);
                }

                fn(this);
                return this;
            }

            /// <summary>Drops the gradients, or fills them with zeros.</summary>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                {
                    ZeroGradient(parameter, set_to_none);
                }
            }

            /// <summary>Switches the recording of gradients for every parameter, e.g. to freeze an encoder.</summary>
            public virtual Module requires_grad_(bool requires_grad = true)
            {
                foreach (var parameter in parameters())
                {
                    parameter.requires_grad = requires_grad;
                }

                return this;
            }

            /// <summary>Frees parameters, buffers and children. Using it afterwards is an <see cref="ObjectDisposedException"/>.</summary>
            public void Dispose()
            {
                Dispose(true);
                _disposed = true;
                GC.SuppressFinalize(this);
            }

            /// <summary>Override to free what is not registered.</summary>
            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                {
                    return;
                }

                foreach (var (_, module) in _modules)
                {
                    module.Dispose();
                }

                foreach (var (_, parameter) in _parameters)
                {
                    parameter.Dispose();
                }

                foreach (var (_, buffer) in _buffers)
                {
                    buffer.Dispose();
                }
            }

            internal static void ZeroGradient(Parameter parameter, bool set_to_none)
            {
                if (set_to_none)
                {
                    parameter.grad = null;
                    return;
                }

                using var grad = parameter.grad;
                if (grad is not null)
                {
                    using (grad.detach().zero_())
                    {
                    }
                }
            }

            private protected void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

            private T Open<T>(T part)
            {
                ThrowIfDisposed();
                return part;
            }

            private string Checked(string name) =>
                Open(name).Length == 0 || name.Contains('.', StringComparison.Ordinal) ? throw new ArgumentException($"'{name}' cannot name a component of {_name}: it is empty or holds a dot.", nameof(name))
                : _modules.Has(name) || _parameters.Has(name) || _buffers.Has(name) ? throw new ArgumentException($"{_name} has a component '{name}' already.", nameof(name))
                : name;
        }

        /// <summary>A module of one input.</summary>
        public abstract class Module<T, TResult>(string name) : Module(name)
        {
            public abstract TResult forward(T input);

            public TResult call(T input)
            {
                ThrowIfDisposed();
                return forward(input);
            }
        }

        /// <summary>A module of two inputs.</summary>
        public abstract class Module<T1, T2, TResult>(string name) : Module(name)
        {
            public abstract TResult forward(T1 input1, T2 input2);

            public TResult call(T1 input1, T2 input2)
            {
                ThrowIfDisposed();
                return forward(input1, input2);
            }
        }

        /// <summary>A module of three inputs.</summary>
        public abstract class Module<T1, T2, T3, TResult>(string name) : Module(name)
        {
            public abstract TResult forward(T1 input1, T2 input2, T3 input3);

            public TResult call(T1 input1, T2 input2, T3 input3)
            {
                ThrowIfDisposed();
                return forward(input1, input2, input3);
            }
        }

        /// <summary>A module of four inputs.</summary>
        public abstract class Module<T1, T2, T3, T4, TResult>(string name) : Module(name)
        {
            public abstract TResult forward(T1 input1, T2 input2, T3 input3, T4 input4);

            public TResult call(T1 input1, T2 input2, T3 input3, T4 input4)
            {
                ThrowIfDisposed();
                return forward(input1, input2, input3, input4);
            }
        }

        /// <summary>Names in the order they came.</summary>
        private sealed class Ordered<T> : List<(string Name, T Value)> where T : class
        {
            public void Add(string name, T value) => Add((name, value));

            public bool Has(string name) => Exists(e => e.Name == name);

            public bool Holds(string name, T value) => Exists(e => e.Name == name && ReferenceEquals(e.Value, value));

            public T? Find(string name) => Find(e => e.Name == name).Value;
        }
    }
}
