using System.Runtime.InteropServices;

namespace Osteon.Torch;

/// <summary>An error that libtorch reports: its own text, then the operator with its arguments' types and shapes.</summary>
/// <remarks>TorchSharp throws the base class for the same errors.</remarks>
public sealed class TorchException(string message) : ExternalException(message);
