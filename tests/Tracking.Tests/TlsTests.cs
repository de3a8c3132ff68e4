using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Osteon.Tracking.Tests;

/// <summary>What MLflow's variables say about certificates is done.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TrackingFolder _folder = new();
    private readonly X509Certificate2 _certificate = Certificate("CN=tracking server");
    private readonly FaultyServer _server;

    public TlsTests() => _server = new FaultyServer(_certificate);

    public void Dispose()
    {
        _server.Dispose();
        _certificate.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_certificate_nobody_knows_is_refused_and_the_variable_is_named()
    {
        var error = Assert.Throws<DeliveryException>(() => Ask());
        Assert.Equal(DeliveryFailure.Denied, error.Failure);
        Assert.Contains("MLFLOW_TRACKING_SERVER_CERT_PATH", error.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Seen);
    }

    [Fact]
    public void The_authority_that_is_named_counts() => Reaches(("MLFLOW_TRACKING_SERVER_CERT_PATH", Write("ca.pem", _certificate.ExportCertificatePem())));

    [Fact]
    public void Another_authority_does_not_count()
    {
        using var other = Certificate("CN=somebody else");
        var error = Assert.Throws<DeliveryException>(() => Ask(("MLFLOW_TRACKING_SERVER_CERT_PATH", Write("ca.pem", other.ExportCertificatePem()))));
        Assert.Equal(DeliveryFailure.Denied, error.Failure);
    }

    [Fact]
    public void Insecure_is_what_it_says() => Reaches(("MLFLOW_TRACKING_INSECURE_TLS", "true"));

    [Fact]
    public void A_client_shows_its_certificate()
    {
        using var own = Certificate("CN=a client");
        using var key = own.GetRSAPrivateKey()!;
        Reaches(("MLFLOW_TRACKING_INSECURE_TLS", "true"), ("MLFLOW_TRACKING_CLIENT_CERT_PATH", Write("client.pem", own.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem())));
        Assert.Contains("CN=a client", _server.ClientCertificates);
    }

    private void Reaches(params (string Name, string Value)[] variables)
    {
        Assert.Equal("RESOURCE_DOES_NOT_EXIST", Assert.Throws<MlflowException>(() => Ask(variables)).Code);
        Assert.Single(_server.Seen);
    }

    private void Ask(params (string Name, string Value)[] variables)
    {
        using var client = new MlflowClient(ServerOptions.Read(_server.Address, name => variables.Append(("HOME", _folder.Path)).FirstOrDefault(v => v.Item1 == name).Item2));
        client.Get("runs/get", TestContext.Current.CancellationToken, ("run_id", "absent"));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static X509Certificate2 Certificate(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
