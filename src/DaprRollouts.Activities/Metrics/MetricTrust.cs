using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace DaprRollouts.Activities.Metrics;

/// <summary>Which certificates of metric servers are trusted: those that the machine trusts, and those that roots of one's own have signed.</summary>
public sealed class MetricTrust(X509Certificate2Collection roots)
{
    /// <summary>Trusts the certificates of a PEM file, too.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It holds none.</exception>
    public static MetricTrust FromFile(string path)
    {
        X509Certificate2Collection roots = [];
        roots.ImportFromPemFile(path);
        return roots.Count > 0
            ? new MetricTrust(roots)
            : throw new System.Security.Cryptography.CryptographicException($"{path} holds no certificate in PEM");
    }

    /// <summary>Whether a certificate that was presented is trusted.</summary>
    public bool Accepts(X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is null)
        {
            return false; // another name, or none at all: no root makes up for that
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // private authorities rarely publish lists
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        using var server = new X509Certificate2(certificate);
        return chain.Build(server);
    }
}
