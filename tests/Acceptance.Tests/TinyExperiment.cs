namespace Osteon.Acceptance.Tests;

/// <summary>An experiment that goes through every stage in seconds.</summary>
internal static class TinyExperiment
{
    public const string Name = "tiny";

    public const int Classes = 10;

    public const int TestImages = 2;

    /// <summary>Two models, two folds, synthetic hands of 96².</summary>
    public static string Yaml(int epochs = 1, int models = 2, int folds = 2, string encoder = "resnet18") => $$$"""
        description: Seconds from nothing to a report.
        seed: 3
        data:
          format: hand-bone
          classes: [finger-3, finger-7, finger-11, finger-15, finger-19, Capitate, Triquetrum, Pisiform, Radius, Ulna]
          synthesize:
            hand-bone: {patients: 4, test_patients: 1, size: 128, seed: 5}
        convert: {size: 64}
        split: {folds: {{{folds}}}}
        models:
          {{{(models > 1 ? "plain: {architecture: {PlainUnet: {width: 4, depth: 2}}}" : "")}}}
          unet: {architecture: {Unet: {encoder_depth: 3, decoder_channels: [16, 8, 8]}}, encoder: {{{encoder}}}}
        train:
          epochs: {{{epochs}}}
          batch_size: 2
          threads: 1
          augment:
            - Rotate: {limit: [-15, 15]}
            - RandomBrightnessContrast: {}
        """;

    /// <summary>The same on a folder of files instead of a synthetic set.</summary>
    public static string OnFolder(string root) => string.Join('\n', Yaml().Split('\n')
        .Where(line => !line.Contains("synthesize:", StringComparison.Ordinal))
        .Select(line => line.Contains("patients:", StringComparison.Ordinal) ? $"  source: {{root: {root}}}" : line));

    public static Workspace Open(int epochs = 1, int models = 2, int folds = 2, string encoder = "resnet18")
    {
        var workspace = new Workspace();
        workspace.Write($"experiments/{Name}.yaml", Yaml(epochs, models, folds, encoder));
        return workspace;
    }
}
