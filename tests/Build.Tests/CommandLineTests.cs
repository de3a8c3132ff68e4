namespace Osteon.Build.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Reads_every_argument()
    {
        var line = Arguments.Read("--target=train", "--experiment=final", "--set=train.epochs=3", "--set=seed=7", "--from=convert", "--keep-going", "--jobs=4", "--device=cuda:1");
        Assert.Equal(["Train"], line.Targets);
        Assert.Equal("final", line.Experiment);
        Assert.Equal(["train.epochs=3", "seed=7"], line.Set);
        Assert.Equal("Convert", line.From);
        Assert.True(line.KeepGoing);
        Assert.Equal(4, line.Jobs);
        Assert.Equal("cuda:1", line.Device);
    }

    [Fact]
    public void Has_defaults()
    {
        var line = Arguments.Read();
        Assert.Equal(["Default"], line.Targets);
        Assert.Null(line.Experiment);
        Assert.Empty(line.Force);
        Assert.Equal(1, line.Jobs);
        Assert.Equal("auto", line.Device);
    }

    [Theory]
    [InlineData("Train", "--target=Train", "--force")]
    [InlineData("Report", "--force")]
    [InlineData("Convert", "--target=Train", "--force=convert")]
    [InlineData("all", "--target=Train", "--force=all")]
    public void Forces_the_target_unless_a_stage_is_named(string forced, params string[] arguments) => Assert.Equal([forced], Arguments.Read(arguments).Force);

    [Fact]
    public void Names_the_argument_that_was_meant() =>
        Assert.Equal(["Unknown argument --experimnt; did you mean --experiment?"], Arguments.Refused("--experimnt=final"));

    [Fact]
    public void Names_the_target_that_was_meant() => Assert.Equal(["--target=Trian is unknown; did you mean Train?"], Arguments.Refused("--target=Trian"));

    [Fact]
    public void Lists_the_targets_when_none_is_near() =>
        Assert.Equal(["--target=Frobnicate is unknown; there are Default, Convert, Train, Report, Test."], Arguments.Refused("--target=Frobnicate"));

    [Fact]
    public void Tells_all_faults_at_once() => Assert.Equal(4, Arguments.Refused("--frob", "--jobs=0", "--device=gpu", "--from=Trian").Length);

    [Theory]
    [InlineData("--jobs=-1")]
    [InlineData("--jobs=2.5")]
    [InlineData("--jobs=99999999999")]
    [InlineData("--jobs")]
    [InlineData("--set")]
    [InlineData("--experiment=")]
    [InlineData("--device=cuda:x")]
    [InlineData("--force=Test")]
    public void Refuses_a_value_that_cannot_be_meant(string argument) => Assert.Single(Arguments.Refused(argument));
}
