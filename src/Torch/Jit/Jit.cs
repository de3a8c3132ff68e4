using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Networks that Python exported with torch.jit.script or torch.jit.trace, run by libtorch's own interpreter.</summary>
    /// <remarks>
    /// Such a file is a program. libtorch runs it with all that this process may do, and reading a damaged or hostile one may do
    /// harm already: load files from people you trust, and exchange anything else as safetensors or state dictionaries.
    /// </remarks>
    public static partial class jit
    {
        /// <summary>Loads a TorchScript file.</summary>
        /// <param name="filename">What torch.jit.save wrote.</param>
        /// <param name="map_location">Where parameters and buffers go; null: where they were saved.</param>
        /// <returns>In the mode it was saved in; the caller disposes it.</returns>
        /// <exception cref="FileNotFoundException">There is no such file.</exception>
        /// <exception cref="TorchException">The file is damaged or no TorchScript; libtorch's text and the file's name.</exception>
        public static ScriptModule load(string filename, Device? map_location = null) => new(ScriptObject.Load(filename, map_location), []);

        /// <summary>Loads a TorchScript file whose forward takes one argument.</summary>
        /// <typeparam name="T">Tensor, or what else <see cref="ScriptModule.forward"/> takes.</typeparam>
        /// <typeparam name="TResult">What forward returns; another type is a <see cref="TorchException"/> when it is called.</typeparam>
        public static ScriptModule<T, TResult> load<T, TResult>(string filename, Device? map_location = null) => new(ScriptObject.Load(filename, map_location));

        /// <summary>Writes a module with the values it has now, for Python's torch.jit.load.</summary>
        public static void save(ScriptModule module, string filename) => module.save(filename);
    }
}
