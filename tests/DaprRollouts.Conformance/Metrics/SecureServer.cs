using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DaprRollouts.Activities.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Conformance.Metrics;

/// <summary>A web server on this machine that says <c>secure</c> over TLS, with a certificate that nobody trusts by himself.</summary>
internal sealed class SecureServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;

    private SecureServer(WebApplication app, X509Certificate2 certificate) => (_app, _certificate) = (app, certificate);

    public int Port => new Uri(_app.Urls.First()).Port;

    /// <summary>Trust in its certificate, as if it came from a file.</summary>
    public MetricTrust Trust()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, _certificate.ExportCertificatePem());
        var trust = MetricTrust.FromFile(file);
        File.Delete(file);
        return trust;
    }

    /// <param name="name">The name that its certificate is for.</param>
    public static async Task<SecureServer> StartAsync(string name)
    {
        using var key = RSA.Create(2048);
        var certificate = Certificate(key, name);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync("secure"));
        await app.StartAsync();
        return new SecureServer(app, certificate);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private static X509Certificate2 Certificate(RSA key, string name)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
