namespace Osteon.Build.Tests;

public sealed class StandingAloneTests
{
    [Theory]
    [InlineData("--target=Ensemble --csv a.csv b.csv --min-votes 2", "--target=Ensemble --csv a.csv --csv b.csv --min-votes 2 --exclusive")]
    [InlineData("--target=Ensemble --csv a.csv b.csv c.csv", "--target=Ensemble --csv a.csv --csv b.csv --csv c.csv --exclusive")]
    [InlineData("--target=Ensemble --csv=a.csv --csv=b.csv", "--target=Ensemble --csv=a.csv --csv=b.csv --exclusive")]
    [InlineData("--exclusive --target=Ensemble --csv=a.csv", "--exclusive --target=Ensemble --csv=a.csv")]
    [InlineData("--target=Infer --input=images --model=final", "--target=Infer --input=images --model=final --exclusive")]
    [InlineData("--target=Deidentify --input=images --output=copies", "--target=Deidentify --input=images --output=copies")]
    [InlineData("--target=Ensemble --experiment final", "--target=Ensemble --experiment final")]
    public void Reads_files_that_stand_for_an_experiment(string typed, string read) => Assert.Equal(read.Split(' '), StandingAlone.Read(typed.Split(' ')));
}
