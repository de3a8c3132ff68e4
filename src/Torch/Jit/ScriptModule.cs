using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    public static partial class jit
    {
        /// <summary>
        /// A TorchScript module, or a part of one. Parameters and buffers are those the program works on: training, moving or filling
        /// them, one by one or through the state dictionary, changes what it computes.
        /// </summary>
        /// <remarks>
        /// Operators run one after another, as eager code would, so that the same call gives the same bits the first time and the
        /// hundredth. Calls from many threads are safe as long as none of them trains, moves or disposes the module.
        /// </remarks>
        public sealed class ScriptModule : nn.Module
        {
            private readonly ScriptObject _script;

            internal ScriptModule(ScriptObject script, Dictionary<nint, Tensor> known)
                : base(nameof(ScriptModule))
            {
                _script = script;
                script.Register(this, known);
            }

            /// <summary>Runs the network.</summary>
            /// <param name="input">Tensors, lists of them, numbers, booleans, text, null.</param>
            /// <returns>
            /// What the program returns: a tensor; a list as Tensor[]; a tuple of up to four tensors as a tuple, a longer one as Tensor[]; a
            /// dictionary of tensors as Dictionary; numbers and text as they are. The current dispose scope owns the tensors.
            /// </returns>
            /// <exception cref="TorchException">The arguments do not fit, or an operator fails: libtorch's text with the program's own lines.</exception>
            public object? forward(params object?[] input) => invoke(nameof(forward), input);

            /// <summary>Calls a method by name; see <see cref="forward"/>.</summary>
            public object? invoke(string name, params object?[] input) => _script.Invoke(name, Array.ConvertAll(input, Argument.Of));

            /// <summary>Calls a method whose result has a known type; Tensor[] takes tuples too.</summary>
            /// <exception cref="TorchException">It returned something else, or failed.</exception>
            public TResult invoke<TResult>(string name, params object?[] input) => _script.Invoke<TResult>(name, Array.ConvertAll(input, Argument.Of));

            public override void train(bool train = true)
            {
                base.train(train);
                _script.Train(train);
            }

            /// <summary>Writes it with the values it has now, for Python's torch.jit.load.</summary>
            public void save(string filename) => _script.Save(filename);

            protected override void Dispose(bool disposing)
            {
                base.Dispose(disposing);
                _script.Dispose();
            }
        }

        /// <summary>A TorchScript module of one argument; see <see cref="ScriptModule"/>.</summary>
        public sealed class ScriptModule<T, TResult> : nn.Module<T, TResult>
        {
            private readonly ScriptObject _script;

            internal ScriptModule(ScriptObject script)
                : base(nameof(ScriptModule))
            {
                _script = script;
                script.Register(this, []);
            }

            public override TResult forward(T input) => _script.Invoke<TResult>(nameof(forward), Argument.Of(input));

            public override void train(bool train = true)
            {
                base.train(train);
                _script.Train(train);
            }

            /// <summary>Writes it with the values it has now, for Python's torch.jit.load.</summary>
            public void save(string filename) => _script.Save(filename);

            protected override void Dispose(bool disposing)
            {
                base.Dispose(disposing);
                _script.Dispose();
            }
        }
    }
}
