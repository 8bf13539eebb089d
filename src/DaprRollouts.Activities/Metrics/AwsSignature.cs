using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DaprRollouts.Activities.Metrics;

/// <summary>Keys of an AWS account.</summary>
public sealed record AwsKeys(string AccessKey, string SecretKey, string? SessionToken = null);

/// <summary>Signs requests as AWS wants them signed (Signature Version 4).</summary>
public static class AwsSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The call with the headers that prove who sends it.</summary>
    /// <param name="call">What is to be sent.</param>
    /// <param name="keys">Whose request it is.</param>
    /// <param name="region">The region of the service.</param>
    /// <param name="service">The service's name for signatures.</param>
    /// <param name="now">The time; the service refuses one that is far from its own.</param>
    public static MetricCall Sign(MetricCall call, AwsKeys keys, string region, string service, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyyMMddTHHmmssZ", CultureInfo.InvariantCulture);
        var scope = $"{time[..8]}/{region}/{service}/aws4_request";
        List<(string Name, string Value)> signed = [("host", call.Address.Authority), ("x-amz-date", time)];
        if (!string.IsNullOrEmpty(keys.SessionToken))
        {
            signed.Add(("x-amz-security-token", keys.SessionToken));
        }

        var names = string.Join(';', signed.Select(h => h.Name));
        var canonical = string.Join('\n',
            call.Method.Method,
            Path(call.Address),
            Query(call.Address),
            string.Concat(signed.Select(h => $"{h.Name}:{h.Value}\n")),
            names,
            Hex(SHA256.HashData(Encoding.UTF8.GetBytes(call.Body ?? ""))));
        var text = string.Join('\n', Algorithm, time, scope, Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        var key = Hmac(Hmac(Hmac(Hmac(Encoding.UTF8.GetBytes("AWS4" + keys.SecretKey), time[..8]), region), service), "aws4_request");
        var authorization = $"{Algorithm} Credential={keys.AccessKey}/{scope}, SignedHeaders={names}, Signature={Hex(Hmac(key, text))}";
        return call with { Headers = [.. call.Headers, .. signed.Skip(1), ("Authorization", authorization)] };
    }

    // Every service but S3 wants the path encoded once more than it is sent.
    private static string Path(Uri address) => string.Join('/', address.AbsolutePath.Split('/').Select(Uri.EscapeDataString));

    private static string Query(Uri address) => string.Join('&', address.Query.TrimStart('?')
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(p => p.Split('=', 2))
        .Select(p => (Name: Encoded(p[0]), Value: p.Length > 1 ? Encoded(p[1]) : ""))
        .OrderBy(p => p.Name, StringComparer.Ordinal)
        .ThenBy(p => p.Value, StringComparer.Ordinal)
        .Select(p => $"{p.Name}={p.Value}"));

    private static string Encoded(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
