using Osteon.Datasets;
using Osteon.Training;

namespace Osteon.Runner;

/// <summary>What networks that classify are shown of a case, as the plan says.</summary>
internal static class CaseInputs
{
    /// <summary>The input of every network, for the cases it learns from and those it predicts.</summary>
    public static CaseInput Of(ExperimentSession session, CaseStore store) =>
        session.Plan.Input is null ? CaseInput.Image : MaskInput.Of(session, InputMasks.Load(session, store));
}
