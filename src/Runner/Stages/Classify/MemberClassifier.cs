using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Inference;
using Osteon.Torch;
using Osteon.Training;
using static TorchSharp.torch;

namespace Osteon.Runner;

/// <summary>One member's network with all that stands between an image and the probabilities of its classes.</summary>
internal sealed class MemberClassifier : IDisposable
{
    private readonly SharedNetwork _shared;
    private readonly ImageClassifier _classifier, _plain;
    private readonly CaseInput _input;
    private readonly Workspace _workspace = new();

    /// <summary>Loads the weights.</summary>
    /// <param name="session">The experiment.</param>
    /// <param name="member">The network.</param>
    /// <param name="classes">Of images, in the order of its outputs.</param>
    /// <param name="input">What it is shown.</param>
    /// <exception cref="ConfigurationException">The plan names a class that there is not, or the device is absent.</exception>
    public MemberClassifier(ExperimentSession session, Member member, IReadOnlyList<string> classes, CaseInput input)
    {
        var (plan, model) = (session.Plan, session.Plan.Models[member.Model]);
        set_num_threads(plan.Train.Threads);
        Determinism.UseDeterministicAlgorithms();
        _shared = MemberPredictor.Take(session, member, classes.Count);
        _input = input;
        _classifier = Classifier(plan.Infer);
        _plain = Classifier(plan.Infer with { Tta = null });

        ImageClassifier Classifier(InferPlan infer) => new(_shared.Network, plan.Train.InChannels, _shared.Network.Sizes, infer, session.Device.Require(), NetworkFactory.NormalizeOf(session, model))
        {
            MirroredClasses = MemberPredictor.Mirrored(plan.Infer.Tta, classes),
        };
    }

    /// <summary>What the network is shown of a case, in memory that the next call uses again.</summary>
    public Sample Read(CaseStore store, StoredCase stored)
    {
        _workspace.Reset();
        return _input.Read(store, stored, Math.Max(1, _input.Planes.Count), _workspace);
    }

    /// <summary>By all views.</summary>
    public double[] Probabilities(Sample shown) => _classifier.Probabilities(shown.Image, shown.Labels, _input.Planes.Count);

    /// <summary>By the image as it is.</summary>
    public double[] PlainProbabilities(Sample shown) => _plain.Probabilities(shown.Image, shown.Labels, _input.Planes.Count);

    /// <summary>By all views, of an image that is no case.</summary>
    /// <param name="image">In the frame it would be stored in.</param>
    public double[] Probabilities(Image image) => _classifier.Probabilities(image);

    /// <inheritdoc/>
    public void Dispose() => _shared.Dispose();
}
