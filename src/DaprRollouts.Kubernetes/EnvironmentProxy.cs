using System.Net;

namespace DaprRollouts.Kubernetes;

/// <summary>
/// The proxies that the environment names, by the rules of most programs in a cluster: HTTP_PROXY and HTTPS_PROXY, and in NO_PROXY what goes without: names with
/// all below them, <c>.suffixes</c>, addresses, ranges such as 10.0.0.0/8, each with a port if need be, or <c>*</c>. Nothing on this machine goes through a proxy.
/// </summary>
public sealed class EnvironmentProxy : IWebProxy
{
    private readonly Uri? _http;
    private readonly Uri? _https;
    private readonly List<Exemption> _exempt;

    private EnvironmentProxy(string? http, string? https, string? without)
    {
        (_http, _https) = (Server(http), Server(https));
        _exempt = [.. (without ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Exemption.Parse)];
        Credentials = new ProxyAccounts([.. new[] { http, https }.Select(Account).OfType<(Uri, NetworkCredential)>()]);
    }

    /// <summary>What proves to the proxies who asks.</summary>
    public ICredentials? Credentials { get; set; }

    /// <summary>Reads the variables, in capitals or else in small letters.</summary>
    /// <exception cref="FormatException">A proxy is no address.</exception>
    public static EnvironmentProxy Read(Func<string, string?> variable)
    {
        return new EnvironmentProxy(Value("HTTP_PROXY"), Value("HTTPS_PROXY"), Value("NO_PROXY"));

        string? Value(string name) =>
            variable(name) is { Length: > 0 } value ? value
            : variable(name.ToLowerInvariant()) is { Length: > 0 } small ? small
            : null;
    }

    /// <summary>The proxy for an address, without its credentials; null if there is none.</summary>
    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : ProxyOf(destination);

    /// <summary>Whether an address is asked without a proxy.</summary>
    public bool IsBypassed(Uri host) => ProxyOf(host) is null || host.IsLoopback || _exempt.Exists(e => e.Covers(host));

    /// <summary>Whether a host and port are those of a proxy.</summary>
    public bool IsServer(string host, int port) =>
        new[] { _http, _https }.Any(p => p is not null && p.Port == port && p.IdnHost.Equals(host, StringComparison.OrdinalIgnoreCase));

    private Uri? ProxyOf(Uri destination) => destination.Scheme == Uri.UriSchemeHttps ? _https : _http;

    private static Uri? Server(string? text) => Address(text) is { } address ? new UriBuilder(address) { UserName = "", Password = "" }.Uri : null;

    private static (Uri, NetworkCredential)? Account(string? text)
    {
        if (Address(text) is not { UserInfo.Length: > 0 } address)
        {
            return null;
        }

        var parts = address.UserInfo.Split(':', 2);
        return (Server(text)!, new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : ""));
    }

    // The text may hold a password, so that no error repeats it.
    private static Uri? Address(string? text) =>
        text is null ? null
        : Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}", UriKind.Absolute, out var address) && address.Host.Length > 0 ? address
        : throw new FormatException("HTTP_PROXY and HTTPS_PROXY must be addresses, such as http://user:password@proxy.example:3128");

    private sealed class ProxyAccounts(IReadOnlyList<(Uri Server, NetworkCredential Account)> accounts) : ICredentials
    {
        public NetworkCredential? GetCredential(Uri uri, string authType) =>
            accounts.FirstOrDefault(a => a.Server.Authority == uri.Authority).Account;
    }

    /// <summary>What needs no proxy.</summary>
    private sealed record Exemption(string Name, int? Port, IPNetwork? Range)
    {
        public static Exemption Parse(string text)
        {
            if (IPNetwork.TryParse(text, out var range))
            {
                return new Exemption("", null, range);
            }

            var colon = text.LastIndexOf(':');
            var hasPort = colon > 0 && (text.IndexOf(':') == colon || text[colon - 1] == ']') && int.TryParse(text[(colon + 1)..], out _);
            var host = (hasPort ? text[..colon] : text).Trim('[', ']');
            int? port = hasPort ? int.Parse(text[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture) : null;
            return IPAddress.TryParse(host, out var address)
                ? new Exemption("", port, new IPNetwork(address, address.GetAddressBytes().Length * 8))
                : new Exemption(host.StartsWith("*.", StringComparison.Ordinal) ? host[1..] : host, port, null);
        }

        public bool Covers(Uri destination)
        {
            if (Port is { } port && port != destination.Port)
            {
                return false;
            }

            var host = destination.IdnHost.Trim('[', ']');
            return Range is { } range ? IPAddress.TryParse(host, out var address) && range.Contains(address)
                : Name == "*" || host.EndsWith(Name.StartsWith('.') ? Name : $".{Name}", StringComparison.OrdinalIgnoreCase)
                || host.Equals(Name, StringComparison.OrdinalIgnoreCase);
        }
    }
}
