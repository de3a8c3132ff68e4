using Osteon.Training;

namespace Osteon.Runner;

/// <summary>What networks that classify are shown of a case, as the plan says.</summary>
internal static class CaseInputs
{
    /// <summary>The input of a member, for the cases it learns from and those it predicts.</summary>
    public static CaseInput Of(ExperimentSession session, Member member) => CaseInput.Image;
}
