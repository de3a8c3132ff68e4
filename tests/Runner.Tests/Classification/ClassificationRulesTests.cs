using Osteon.Abstractions;

namespace Osteon.Runner.Tests;

public sealed class ClassificationRulesTests : IDisposable
{
    private readonly ExperimentFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_not_written_is_the_task_s_own()
    {
        _folder.Write("e.yaml", """
            task: classification
            labels: mask
            data: {format: hand-bone, source: {root: data/hands}}
            models:
              any: {encoder: resnet18}
              own: {architecture: resnet50}
            """);
        var plan = _folder.Load().Plan;
        Assert.Equal(["Classifier", "resnet50"], plan.Models.Values.Select(m => m.Architecture.Name));
        Assert.Equal("CrossEntropy", Assert.Single(plan.Train.Loss).Name);
        Assert.Equal("loss", plan.Train.Best.Metric);
        Assert.Equal(Voting.Soft, plan.Ensemble.Vote);

        var set = _folder.Load("e", "train.loss=[Focal]", "train.best.metric=f1", "ensemble.vote=hard").Plan;
        Assert.Equal(("Focal", "f1", Voting.Hard), (Assert.Single(set.Train.Loss).Name, set.Train.Best.Metric, set.Ensemble.Vote));
        Assert.Equal("dice", _folder.Load("base").Plan.Train.Best.Metric);
    }

    [Theory]
    [InlineData("task: classification", "labels is missing: where the class of each image is found")]
    [InlineData("labels: mask", "labels says where classes of images are, but the task is segmentation. Write task: classification, or leave it out.")]
    [InlineData("task: classify", "task is 'classify'")]
    [InlineData("task: classification\nlabels: mask\naugment: [{name: more, transforms: [HorizontalFlip]}]", "augment makes extra cases for masks; use train.augment. Leave it out: the task is classification.")]
    [InlineData("task: classification\nlabels: mask\ninfer: {window: 64, threshold: 0.3}", "infer.threshold is of pixels")]
    [InlineData("task: classification\nlabels: mask\ntrain: {metrics: [hd95]}", "train.metrics[0] is 'hd95'. Allowed: accuracy, balanced_accuracy")]
    public void What_does_not_go_together_is_told(string text, string fault) =>
        Assert.Contains(_folder.FaultsOf(text), f => f.Contains(fault, StringComparison.Ordinal));
}
