using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>One network on one fold: a member of the ensemble.</summary>
/// <param name="Model">Its name under models.</param>
/// <param name="Fold">From 0.</param>
public sealed record Member(string Model, int Fold)
{
    /// <summary>What stands in a unit's brackets.</summary>
    public string Cell => $"model={Model},fold={Fold}";

    /// <summary>The unit of a stage for this member.</summary>
    public string UnitOf(string stage) => $"{stage}[{Cell}]";

    /// <summary>For tables, e.g. unet-r18/fold 1.</summary>
    public override string ToString() => $"{Model}/fold {Fold}";

    /// <summary>All members of a plan, models in their order, then folds.</summary>
    public static IEnumerable<Member> Of(Plan plan) =>
        from model in plan.Models.Keys
        from fold in Enumerable.Range(0, plan.Split.Folds)
        select new Member(model, fold);

    /// <summary>Those whose folds predict, as infer.folds says.</summary>
    public static IEnumerable<Member> Predicting(Plan plan) => Of(plan).Where(m => InferFolds.Of(plan).Contains(m.Fold));

    /// <summary>The member behind a unit's cell.</summary>
    public static Member Of(Plan plan, string cell) => Of(plan).First(m => m.Cell == cell);
}
