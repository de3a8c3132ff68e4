namespace Cake.Frosting;

/// <summary>The build itself is put together wrongly.</summary>
public sealed class FrostingException(string message, Exception? innerException = null) : Exception(message, innerException);
