namespace Osteon.Runner.Tests;

public sealed class AnswerStacksTests
{
    [Theory]
    [InlineData("121.dcm", "121")]
    [InlineData("image1661130828152_R.png", "image1661130828152_R")]
    [InlineData("CASE_0000.nii.gz#0012", "CASE_0000-0012")]
    [InlineData("IM0001", "IM0001")]
    public void Answers_are_named_after_their_images(string image, string answer) => Assert.Equal(answer, AnswerStacks.NameOf(image));
}
