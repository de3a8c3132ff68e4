namespace Osteon.Imaging;

/// <summary>OpenCV refused a call. For a file this becomes a DataException; anywhere else it is a fault of the calling code.</summary>
public sealed class ImagingException(string message) : InvalidOperationException($"OpenCV: {message}");
