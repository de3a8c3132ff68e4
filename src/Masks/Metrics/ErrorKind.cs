namespace Osteon.Masks;

/// <summary>How a pixel of a class can be wrong. A pixel is of one kind for all classes that are wrong there.</summary>
public enum ErrorKind
{
    /// <summary>The prediction lacks a class that the truth has there and has one that the truth lacks: one was taken for another.</summary>
    WrongLabel,

    /// <summary>The prediction only lacks: what is there was not found.</summary>
    UnderSegmentation,

    /// <summary>The prediction only has too much: it found what is not there.</summary>
    OverSegmentation,
}
