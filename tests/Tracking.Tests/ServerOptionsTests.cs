using System.Text;
using Osteon.Abstractions;

namespace Osteon.Tracking.Tests;

public sealed class ServerOptionsTests : IDisposable
{
    private readonly TrackingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("http://localhost:5000", "http://localhost:5000")]
    [InlineData("HTTPS://mlflow.example.org/lab/", "https://mlflow.example.org/lab")]
    [InlineData("https://me:secret@mlflow.example.org", "https://mlflow.example.org")]
    public void An_address_is_kept_without_name_password_and_last_slash(string uri, string address) =>
        Assert.Equal(address, TrackingLocation.Resolve(uri, "/default", _ => null).ToString());

    [Fact]
    public void A_name_and_a_password_win_over_a_token_and_over_the_address()
    {
        Assert.Equal(Basic("u", "p"), Read("https://a:b@h", ("MLFLOW_TRACKING_USERNAME", "u"), ("MLFLOW_TRACKING_PASSWORD", "p"), ("MLFLOW_TRACKING_TOKEN", "t")).Authorization);
        Assert.Equal("Bearer t", Read("https://h", ("MLFLOW_TRACKING_TOKEN", "t")).Authorization);
        Assert.Equal("Bearer t", Read("https://h", ("MLFLOW_TRACKING_TOKEN", "t"), ("MLFLOW_TRACKING_USERNAME", "u")).Authorization);
        Assert.Equal(Basic("a", "b:c"), Read("https://a:b%3Ac@h").Authorization);
        Assert.Null(Read("https://h").Authorization);
    }

    [Fact]
    public void The_credentials_file_counts_where_the_environment_says_nothing()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, ".mlflow"));
        File.WriteAllText(Path.Combine(_folder.Path, ".mlflow", "credentials"), "# mine\n[other]\nmlflow_tracking_username = no\n[mlflow]\nmlflow_tracking_username = u\nmlflow_tracking_password=p=q\n");
        Assert.Equal(Basic("u", "p=q"), Read("https://h", ("HOME", _folder.Path)).Authorization);
        Assert.Equal(Basic("x", "y"), Read("https://h", ("HOME", _folder.Path), ("MLFLOW_TRACKING_USERNAME", "x"), ("MLFLOW_TRACKING_PASSWORD", "y")).Authorization);
    }

    [Fact]
    public void All_that_cannot_be_is_told_at_once()
    {
        var error = Assert.Throws<ConfigurationException>(() => Read("https://h",
            ("MLFLOW_TRACKING_INSECURE_TLS", "true"), ("MLFLOW_TRACKING_SERVER_CERT_PATH", "absent.pem"),
            ("MLFLOW_HTTP_REQUEST_TIMEOUT", "soon"), ("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "-1")));
        Assert.Equal(4, error.Faults.Count);
    }

    [Theory]
    [InlineData("http://")]
    [InlineData("http://h?x=1")]
    [InlineData("http://h/#x")]
    public void What_is_no_address_is_refused(string uri) => Assert.Throws<ConfigurationException>(() => Read(uri));

    [Fact]
    public void Waits_and_retries_are_mlflows_unless_set()
    {
        var plain = Read("https://h");
        Assert.Equal((7, 2, 1, 120), (plain.Retries.Most, plain.Retries.Factor, plain.Retries.Jitter, plain.Timeout.TotalSeconds));
        Assert.Equal(3, Read("https://h", ("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")).Retries.Most);
    }

    private ServerOptions Read(string uri, params (string Name, string Value)[] variables) =>
        ServerOptions.Read(uri, name => variables.Append(("HOME", _folder.Path)).FirstOrDefault(v => v.Item1 == name).Item2);

    private static string Basic(string user, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
}
