using System.Net.Http.Headers;
using System.Text;

namespace DaprRollouts.Activities.Metrics;

/// <summary>A request to a metric server.</summary>
public sealed record MetricCall
{
    // What the connection itself sees to, whatever a metric says.
    private static readonly HashSet<string> OfConnection = new(StringComparer.OrdinalIgnoreCase) { "Host", "Content-Length", "Transfer-Encoding", "Trailer" };

    private static readonly string UserAgent = $"dapr-rollouts/{typeof(MetricCall).Assembly.GetName().Version?.ToString(3)}";

    public required Uri Address { get; init; }

    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>Headers in the order in which they are set; of one name, the last counts.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public string? Body { get; init; }

    public string? ContentType { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether the server's certificate is not checked.</summary>
    public bool Insecure { get; init; }

    /// <summary>The request in words, without what may be secret in it.</summary>
    public string Where => $"{Method} {Address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)}";

    /// <summary>An address from a text.</summary>
    /// <exception cref="MetricException">It lacks scheme or host.</exception>
    public static Uri AddressOf(string what, string? text) =>
        Uri.TryCreate(text?.Trim(), UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.Host.Length > 0
            ? address
            : throw new MetricException($"{what} \"{text}\" is not an address: it needs a scheme and a host, such as http://metrics.example:9090");

    /// <summary>Whether a text can be the name of a method or a header.</summary>
    public static bool IsToken(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c));

    /// <summary>The message to send.</summary>
    /// <exception cref="MetricException">A header cannot be sent.</exception>
    public HttpRequestMessage ToRequest()
    {
        var request = new HttpRequestMessage(Method, Address);
        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
        }

        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        foreach (var (name, value) in Headers.Where(h => !OfConnection.Contains(h.Name)))
        {
            Set(request, name, value);
        }

        if (ContentType is not null && request.Content is not null)
        {
            Set(request, "Content-Type", ContentType);
        }

        if (!request.Headers.Contains("Authorization") && HttpSignIn.OfAddress(Address) is { } user)
        {
            Set(request, user.Name, user.Value);
        }

        return request;
    }

    /// <summary>The request that a redirect asks for; credentials do not go to another host.</summary>
    /// <exception cref="MetricException">It leads to another scheme.</exception>
    public MetricCall RedirectedTo(Uri location, bool keepsMethod)
    {
        var target = new Uri(Address, location);
        if (target.Scheme != Address.Scheme)
        {
            throw new MetricException($"{Where}: refused a redirect from {Address.Scheme} to {target.Scheme}: give the address that it leads to, if that is meant");
        }

        var call = this with { Address = target };
        if (!keepsMethod && Method != HttpMethod.Head)
        {
            call = call with
            {
                Method = HttpMethod.Get,
                Body = null,
                ContentType = null,
                Headers = [.. call.Headers.Where(h => !h.Name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))],
            };
        }

        return target.Authority == Address.Authority
            ? call
            : call with { Headers = [.. call.Headers.Where(h => h.Name.ToUpperInvariant() is not ("AUTHORIZATION" or "COOKIE" or "PROXY-AUTHORIZATION"))] };
    }

    private static void Set(HttpRequestMessage request, string name, string value)
    {
        if (!IsToken(name))
        {
            throw new MetricException($"\"{name}\" cannot be the name of a header: there are only letters, digits and such signs as -");
        }

        if (value.Any(c => char.IsControl(c) && c != '\t'))
        {
            throw new MetricException($"the header {name} cannot be sent: its value holds a line break or another control character, perhaps at the end of a Secret");
        }

        HttpHeaders headers = request.Headers;
        if (!headers.TryAddWithoutValidation(name, (string?)null))
        {
            request.Content ??= new ByteArrayContent([]); // a header of a body, which some servers ask for though there is none
            headers = request.Content.Headers;
        }

        headers.Remove(name);
        headers.TryAddWithoutValidation(name, value);
    }
}

/// <summary>An answer of a metric server.</summary>
public sealed record MetricAnswer(int Status, string Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The beginning of the body, for messages.</summary>
    public string Excerpt => Body.Length <= 300 ? Body.Trim() : Body[..300].Trim() + "...";
}
