namespace Osteon.Volumes;

/// <summary>How a window turns values into grey. DICOM PS3.3, sections C.11.2.1.2 and C.11.2.1.3.</summary>
public enum WindowFunction
{
    /// <summary>Straight between center − 0.5 ∓ (width − 1) / 2.</summary>
    Linear,

    /// <summary>Straight between center ∓ width / 2.</summary>
    LinearExact,

    /// <summary>1 / (1 + exp(−4 (x − center) / width)).</summary>
    Sigmoid,
}

/// <summary>A window of values that is shown from black to white.</summary>
/// <param name="Center">In modality values.</param>
/// <param name="Width">Above 0; of a linear one at least 1.</param>
/// <param name="Function">Its shape.</param>
/// <param name="Name">As the file explains it, e.g. BONE; empty where it does not.</param>
public sealed record DicomWindow(double Center, double Width, WindowFunction Function, string Name)
{
    /// <summary>True where the width is one that the function allows.</summary>
    public bool IsLawful => double.IsFinite(Center) && double.IsFinite(Width) && (Function == WindowFunction.Linear ? Width >= 1 : Width > 0);

    /// <summary>Grey in [0, 1].</summary>
    public double Grey(double value)
    {
        if (Function == WindowFunction.Sigmoid)
        {
            return 1 / (1 + Math.Exp(-4 * (value - Center) / Width));
        }

        var (center, width) = Function == WindowFunction.Linear ? (Center - 0.5, Width - 1) : (Center, Width);
        return value <= center - (width / 2) ? 0 : value > center + (width / 2) ? 1 : ((value - center) / width) + 0.5;
    }

    /// <summary>As errors list it.</summary>
    public override string ToString() => FormattableString.Invariant($"{(Name.Length > 0 ? Name + " " : string.Empty)}{Center}/{Width}");
}
