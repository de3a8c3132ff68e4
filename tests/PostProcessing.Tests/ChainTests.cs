using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Inference;
using Osteon.Masks;

namespace Osteon.PostProcessing.Tests;

/// <summary>A list of steps: classes, what is chosen on validation cases, and one class a pixel where that is the rule.</summary>
public sealed class ChainTests
{
    private static readonly Frame Frame = new(8, 16);
    private static readonly string[] Classes = ["rest", "bone", "joint"];

    [Fact]
    public void Steps_follow_each_other_and_change_the_classes_they_name()
    {
        var chain = Chain(LabelMode.Multilabel, ("RemoveSmallObjects", """{"min_size": 3, "classes": ["bone"]}"""), ("LargestComponent", """{"classes": ["bone", "joint"]}"""));
        Mask[] masks = [Of((0, 1), (20, 2)), Of((0, 1), (20, 2)), Of((0, 1), (20, 2))];
        Assert.Equal([masks[0], Mask.Empty(Frame), Of((20, 2))], chain.Apply(masks));
    }

    [Fact]
    public void In_multiclass_mode_each_pixel_keeps_one_class()
    {
        // joint 40–49 has a hole of bone at 44; bone has a speck at 100 too.
        var (joint, bone) = (Of((24, 10), (40, 4), (45, 5), (56, 10)), Of((44, 1), (100, 1)));
        var rest = joint.Union(bone).Complement();
        var filled = Chain(LabelMode.Multiclass, ("FillHoles", """{"classes": ["joint"]}""")).Apply([rest, bone, joint]);
        Assert.Equal(joint.Union(Of((44, 1))), filled[2]);
        Assert.Equal(Of((100, 1)), filled[1]);
        Assert.Equal(rest, filled[0]);
        var cleaned = Chain(LabelMode.Multiclass, ("RemoveSmallObjects", """{"min_size": 5}""")).Apply([rest, bone, joint]);
        Assert.Equal([rest.Union(bone), Mask.Empty(Frame), joint], cleaned);
        Assert.All(new[] { filled, cleaned }, masks => Assert.Equal(Frame.Area, masks.Sum(m => m.Area)));
    }

    [Fact]
    public void Validation_chooses_class_by_class_and_step_by_step()
    {
        // In truth bone is one piece and joint is two: keeping the largest helps the one and harms the other.
        Mask[] truth = [Mask.Empty(Frame), Of((0, 6)), Of((40, 4), (100, 2))];
        Mask[] predicted = [Mask.Empty(Frame), Of((0, 6), (100, 2)), Of((40, 4), (100, 2))];
        var chain = Chain(LabelMode.Multilabel, ("LargestComponent", """{"auto": true}"""), ("FillHoles", """{"auto": true}"""), ("Opening", """{"size": 1, "classes": ["joint"]}"""));
        Assert.True(chain.IsOpen);
        Assert.Throws<InvalidOperationException>(() => chain.Apply(predicted));
        var (chosen, choice) = chain.Choose([new("a", "one", predicted, truth), new("b", "two", predicted, truth)]);
        Assert.False(chosen.IsOpen);
        Assert.Equal(truth, chosen.Apply(predicted));
        Assert.Equal([("LargestComponent", "rest", false), ("LargestComponent", "bone", true), ("LargestComponent", "joint", false), ("FillHoles", "rest", false), ("FillHoles", "bone", false), ("FillHoles", "joint", false), ("Opening", "joint", true)],
            choice.Trials.Select(t => (t.Name, Assert.Single(t.Classes), t.Applied)));
        Assert.Equal((2 + (12 / 14.0)) / 3, choice.Before, tolerance: 1e-12);
        Assert.Equal(1, choice.After);
        Assert.Equal(["a", "b"], choice.Cases);
        Assert.Equal(chosen.Apply(predicted), chain.Closed(choice).Apply(predicted));
        Assert.Equal("post-processing chosen on 2 validation cases: LargestComponent for bone; FillHoles for none; Opening as asked; Dice 0.9524 → 1.0000 (+0.0476) on the cases it was chosen on, +0.0476 in the nested check", choice.ToString());
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 2 / 14.0)]                                   // bone's Dice is 12 / 14 with a speck of 2 pixels too many, and 1 without
    public void What_a_step_does_to_pixels_that_nobody_decided_is_no_gain(bool undecided, double gain)
    {
        var (bone, speck) = (Of((0, 6)), Of((100, 2)));
        Mask[] predicted = [bone.Union(speck).Complement(), bone.Union(speck)];
        Mask[] truth = [undecided ? predicted[0] : bone.Complement(), bone];
        var (_, choice) = Chain(["rest", "bone"], LabelMode.Multiclass, ("LargestComponent", """{"auto": true}""")).Choose([new("a", "one", predicted, truth), new("b", "two", predicted, truth)]);
        Assert.Equal(gain > 0, Assert.Single(choice.Trials).Applied);
        var background = 2.0 * (128 - 8) / (128 - 8 + 128 - 6);
        Assert.Equal(undecided ? 1 : ((1 - gain) + background) / 2, choice.Before, 1e-12);
        Assert.Equal(1, choice.After);
    }

    [Fact]
    public void What_helps_one_case_and_harms_two_is_not_chosen()
    {
        Mask[] one = [Of((0, 6))], two = [Of((0, 6), (40, 6))];
        ValidationCase[] cases = [new("a", "1", two, one), new("b", "2", two, two), new("c", "3", two, two)];
        var (chosen, choice) = Chain(["bone"], LabelMode.Multilabel, ("LargestComponent", """{"auto": true}""")).Choose(cases);
        Assert.Equal(two, chosen.Apply(two));
        Assert.True(choice.Trials[0].With < choice.Trials[0].Without);
        Assert.Equal(choice.Before, choice.After);
    }

    // By hand: of gains 0.5, −0.1 and −0.1 the mean is 0.1; without the first case the others would not apply the step, and lose nothing by it.
    [Fact]
    public void What_rests_on_one_case_alone_does_not_hold_in_the_nested_check()
    {
        Mask[] speck = [Of((0, 10), (40, 2))], good = [Of((0, 10))], both = [Of((0, 10), (40, 2))];
        Mask[] bad = [Of((40, 2))];
        ValidationCase[] cases = [new("a", "1", [Of((0, 10), (40, 9))], good), new("b", "2", speck, both), new("c", "3", speck, both)];
        var (chosen, choice) = Chain(["bone"], LabelMode.Multilabel, ("LargestComponent", """{"auto": true}""")).Choose(cases);
        var trial = Assert.Single(choice.Trials);
        var (first, others) = (1 - (20 / 29.0), (20 / 22.0) - 1);
        Assert.Equal((first + others + others) / 3, trial.With - trial.Without, tolerance: 1e-12);
        Assert.True(trial.With > trial.Without);
        Assert.Equal((0 + others + others) / 3, trial.Nested, tolerance: 1e-12);
        Assert.False(trial.Applied);
        Assert.Equal(speck, chosen.Apply(speck));
        Assert.Equal(bad, chosen.Apply(bad));
    }

    // By hand: at what all cases tuned, dropping the speck takes either case from a Dice of 20/24 to 1, so that either case's other says yes. At what the other
    // alone would have tuned the bone is torn in two, and both halves go with the speck: from 18/24 to 0.
    [Fact]
    public void The_nested_check_is_made_on_what_the_others_tuned()
    {
        Mask[] truth = [Of((0, 10))], tuned = [Of((0, 10), (40, 4))], torn = [Of((0, 2), (3, 8), (40, 4))];
        var chain = Chain(["bone"], LabelMode.Multilabel, ("RemoveSmallObjects", """{"auto": true, "min_size": 9}"""));
        ValidationCase Case(string id, string group, string other) => new(id, group, tuned, truth) { Without = new Dictionary<string, IReadOnlyList<Mask>> { [group] = torn, [other] = tuned } };
        ValidationCase[] cases = [Case("a", "1", "2"), Case("b", "2", "1")];
        var (chosen, choice) = chain.Choose(cases);
        var trial = Assert.Single(choice.Trials);
        Assert.Equal(1 - (20 / 24.0), trial.With - trial.Without, tolerance: 1e-12);
        Assert.Equal(-18 / 24.0, trial.Nested, tolerance: 1e-12);
        Assert.False(trial.Applied);
        Assert.Equal(tuned, chosen.Apply(tuned));
        Assert.True(Assert.Single(chain.Choose([.. cases.Select(c => c with { Without = new Dictionary<string, IReadOnlyList<Mask>>() })]).Choice.Trials).Applied);
    }

    // Of two classes only one is tuned otherwise: what is known of the other is taken from where it was found, and comes to the same.
    [Fact]
    public void Masks_that_are_the_same_object_are_judged_as_equal_ones()
    {
        Mask[] truth = [Of((0, 10)), Of((40, 9))], tuned = [Of((0, 10), (40, 4)), Of((40, 9), (80, 3))], other = [Of((0, 12), (40, 4)), Of((40, 9), (80, 3))];
        var chain = Chain(["bone", "joint"], LabelMode.Multilabel, ("LargestComponent", """{"auto": true}"""), ("RemoveSmallObjects", """{"auto": true, "min_size": 12}"""));
        PostProcessChoice Choice(Mask joint) => chain.Choose([.. new[] { "1", "2", "3" }.Select(group => new ValidationCase(group, group, tuned, truth)
        {
            Without = new Dictionary<string, IReadOnlyList<Mask>> { ["1"] = [other[0], joint], ["3"] = [tuned[0], joint] },
        })]).Choice;
        var (same, equal) = (Choice(tuned[1]), Choice(Of((40, 9), (80, 3))));
        Assert.Equal(equal.Trials.Select(t => (t.Applied, t.With, t.Nested, t.Error)), same.Trials.Select(t => (t.Applied, t.With, t.Nested, t.Error)));
        Assert.Equal([true, true, false, false], same.Trials.Select(t => t.Applied));
    }

    [Fact]
    public void Classes_that_are_looked_at_together_are_chosen_together()
    {
        var (chosen, choice) = Chain(LabelMode.Multilabel, ("LargestComponent", """{"auto": true, "together": true, "classes": ["bone", "joint"]}"""))
            .Choose([.. new[] { "a", "b" }.Select(id => new ValidationCase(id, id, [Mask.Empty(Frame), Of((0, 6), (100, 2)), Of((6, 2), (30, 1))], [Mask.Empty(Frame), Of((0, 6)), Of((6, 2))]))]);
        Assert.Equal(["bone", "joint"], Assert.Single(choice.Trials).Classes);
        Assert.Equal(1, choice.After);
        Assert.False(chosen.IsOpen);
    }

    [Theory]
    [InlineData(LabelMode.Multilabel, """{"classes": ["bonne"]}""", "postprocess[0].FillHoles: class 'bonne' is unknown. There are rest, bone, joint.")]
    [InlineData(LabelMode.Multiclass, """{"classes": ["rest"]}""", "class 'rest' gets what the step takes away from others")]
    [InlineData(LabelMode.Multiclass, """{"classes": ["bone"], "background": "bone"}""", "class 'bone' gets what the step takes away from others")]
    [InlineData(LabelMode.Multilabel, """{"background": "rest"}""", "nothing is taken from one for another")]
    public void Classes_that_cannot_be_meant_are_refused(LabelMode mode, string options, string what) =>
        Assert.Contains(what, Assert.Throws<ConfigurationException>(() => Chain(mode, ("FillHoles", options))).Message, StringComparison.Ordinal);

    private static PostProcessChain Chain(LabelMode mode, params (string Name, string Options)[] steps) => Chain(Classes, mode, steps);

    private static PostProcessChain Chain(string[] classes, LabelMode mode, params (string Name, string Options)[] steps) =>
        new([.. steps.Select(s => (s.Name, GoldenTests.Make(s.Name, JsonNode.Parse(s.Options)!.AsObject())))], classes, mode);

    private static Mask Of(params (int Start, int Length)[] runs) => new(Frame, [.. runs.Select(r => new Run(r.Start, r.Length))]);
}
