using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Plugins.HandBone;

/// <summary>A person that the seed made up.</summary>
/// <param name="Folder">ID001, ID002, …; train and test count on.</param>
/// <param name="Subset">Where the images go.</param>
/// <param name="Stems">Names of the images of the right and the left hand.</param>
/// <param name="Scale">Size of the hands, 1 for a middle adult.</param>
/// <param name="Age">Years.</param>
/// <param name="Female">Written as 여, otherwise 남.</param>
/// <param name="WeightKg">Body weight.</param>
/// <param name="HeightCm">Body height.</param>
/// <param name="Note">A remark, mostly empty.</param>
internal sealed record SyntheticPatient(
    string Folder, Subset Subset, (string Right, string Left) Stems, float Scale, int Age, bool Female, int WeightKg, int HeightCm, string Note)
{
    /// <summary>The first row of meta_data.xlsx. The notes' column has no name, which is why pandas calls it "Unnamed: 5".</summary>
    public static object?[] Header { get; } = ["ID", "나이", "성별", "체중(몸무게)", "키(신장)", null];

    /// <summary>One row of meta_data.xlsx.</summary>
    public object?[] Row => [Folder, Age, Female ? "여" : "남", WeightKg, HeightCm, Note.Length > 0 ? Note : null];

    public static SyntheticPatient Draw(long seed, int index, Subset subset)
    {
        var random = RandomStream.For(seed, "hand-bone", "patient", index);
        var female = random.NextInt(2) == 0;
        var tall = Math.Clamp(random.NextGaussian(), -2.2, 2.2);
        var height = (int)Math.Round((female ? 161 : 174) + (6 * tall));
        var weight = (int)Math.Round((female ? 22 : 24) * height * height / 10000.0 * (1 + (0.1 * Math.Clamp(random.NextGaussian(), -2, 2))));
        var scale = (float)((female ? 0.955 : 1.03) + (0.025 * tall) + (0.012 * Math.Clamp(random.NextGaussian(), -2, 2)));
        var age = 19 + random.NextInt(50);
        var note = female && random.NextInt(7) == 0 ? "네일아트" : string.Empty;

        // Milliseconds since 1970, each patient in a quarter of an hour of their own, so that no stem comes twice.
        var first = 1661000000000L + (index * 900_000L) + random.NextInt(600_000);
        var second = first + 20_000 + random.NextInt(200_000);
        var named = random.NextInt(3) == 0;
        return new SyntheticPatient(
            "ID" + (index + 1).ToString("D3", CultureInfo.InvariantCulture), subset, (Stem(first, "_R"), Stem(second, "_L")), scale, age, female, weight, height, note);

        string Stem(long time, string side) => string.Create(CultureInfo.InvariantCulture, $"image{time:D13}{(named ? side : string.Empty)}");
    }
}
