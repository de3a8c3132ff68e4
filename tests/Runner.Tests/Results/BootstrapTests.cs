namespace Osteon.Runner.Tests;

public sealed class BootstrapTests
{
    [Fact]
    public void Two_patients_give_both_and_either_alone()
    {
        // 0 and 1 drawn twice: 0, 0.5, 1 with chances 1/4, 1/2, 1/4.
        var (headline, classes) = Bootstrap.Of([("a", [0.0]), ("b", [1.0])]);
        Assert.Equal(new Estimate(0.5, 0, 1), headline);
        Assert.Equal(headline, Assert.Single(classes));
    }

    [Fact]
    public void One_patient_has_no_spread_however_many_images() =>
        Assert.Equal(new Estimate(0.5, 0.5, 0.5), Bootstrap.Of([("a", [0.0]), ("a", [1.0]), ("a", [0.5])]).Headline);

    [Fact]
    public void Images_of_a_patient_stay_together()
    {
        // Ten copies of each patient's image are no news.
        var few = Bootstrap.Of([("a", [0.2]), ("b", [0.4]), ("c", [0.9])]);
        var many = Bootstrap.Of([.. Enumerable.Range(0, 10).SelectMany(_ => new (string, IReadOnlyList<double>)[] { ("a", [0.2]), ("b", [0.4]), ("c", [0.9]) })]);
        Assert.Equal(few.Headline.Low, many.Headline.Low, 12);
        Assert.Equal(few.Headline.High, many.Headline.High, 12);
    }

    [Fact]
    public void The_same_scores_have_the_same_interval_in_any_order()
    {
        (string, IReadOnlyList<double>)[] cases = [("a", [0.2, 0.3]), ("b", [0.4, 0.8]), ("c", [0.9, 0.1])];
        var (headline, classes) = Bootstrap.Of(cases);
        var (turned, turnedClasses) = Bootstrap.Of([.. cases.Reverse()]);
        Assert.Equal((headline.Low, headline.High), (turned.Low, turned.High));
        Assert.Equal(classes.Select(c => c.Low), turnedClasses.Select(c => c.Low));
    }

    [Fact]
    public void Agrees_with_the_normal_interval_of_many_patients()
    {
        // The mean of 400 values 0 and 400 values 1 has the standard error sqrt(0.25/800) = 0.01768: ±1.96 of it is 0.03465.
        var (headline, _) = Bootstrap.Of([.. Enumerable.Range(0, 800).Select(i => ($"p{i}", (IReadOnlyList<double>)[i % 2]))]);
        Assert.Equal(0.5 - 0.03465, headline.Low, 0.003);
        Assert.Equal(0.5 + 0.03465, headline.High, 0.003);
    }

    [Fact]
    public void The_headline_is_the_mean_over_classes() =>
        Assert.Equal(0.5, Bootstrap.Of([("a", [0.2, 0.6]), ("b", [0.4, 0.8])]).Headline.Mean, 12);
}
