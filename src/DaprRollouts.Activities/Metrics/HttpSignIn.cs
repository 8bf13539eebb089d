using System.Text;
using System.Text.Json;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Activities.Metrics;

/// <summary>Proves to metric servers who asks.</summary>
internal static class HttpSignIn
{
    /// <summary>The header for a user name and a password; null if none are given.</summary>
    /// <exception cref="MetricException">Only one of them is given.</exception>
    public static (string Name, string Value)? Basic(BasicAuthentication? basic) =>
        (string.IsNullOrEmpty(basic?.Username), string.IsNullOrEmpty(basic?.Password)) switch
        {
            (true, true) => null,
            (false, false) => Basic(basic!.Username!, basic.Password!),
            (true, _) => throw new MetricException("missing mandatory parameter in metric for basic auth setup: username"),
            _ => throw new MetricException("missing mandatory parameter in metric for basic auth setup: password"),
        };

    /// <summary>The header for the user that an address names, as <c>https://name:password@host</c> does; null if it names none.</summary>
    public static (string Name, string Value)? OfAddress(Uri address) =>
        address.UserInfo.Split(':', 2) is [{ Length: > 0 } name, .. var password]
            ? Basic(Uri.UnescapeDataString(name), Uri.UnescapeDataString(string.Concat(password)))
            : null;

    /// <summary>The header with a token of the client credentials grant; null if none is asked for.</summary>
    /// <param name="http">How to ask for the token.</param>
    /// <param name="oauth">The client.</param>
    /// <param name="like">The call that the token is for: its headers, time and check of certificates apply to this one too.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="MetricException">No token is to be had.</exception>
    public static async Task<(string Name, string Value)?> OAuthAsync(MetricHttp http, OAuth2Authentication? oauth, MetricCall like, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(oauth?.TokenUrl))
        {
            return null;
        }

        if (string.IsNullOrEmpty(oauth.ClientId) || string.IsNullOrEmpty(oauth.ClientSecret))
        {
            throw new MetricException("missing mandatory parameter in metric for OAuth2 setup: clientId and clientSecret are needed beside tokenUrl");
        }

        var form = new List<KeyValuePair<string, string>> { new("grant_type", "client_credentials") };
        if (oauth.Scopes is { Count: > 0 })
        {
            form.Add(new("scope", string.Join(' ', oauth.Scopes)));
        }

        var call = new MetricCall
        {
            Address = MetricCall.AddressOf("oauth2 tokenUrl", oauth.TokenUrl),
            Method = HttpMethod.Post,
            Headers = [.. like.Headers, Basic(Uri.EscapeDataString(oauth.ClientId), Uri.EscapeDataString(oauth.ClientSecret))],
            Body = Form(form),
            ContentType = "application/x-www-form-urlencoded",
            Timeout = like.Timeout,
            Insecure = like.Insecure,
        };
        var answer = await http.SendAsync(call, cancel);
        if (!answer.IsSuccess)
        {
            // Some servers want the client in the form, not in a header.
            form.Add(new("client_id", oauth.ClientId));
            form.Add(new("client_secret", oauth.ClientSecret));
            answer = await http.SendAsync(call with { Headers = like.Headers, Body = Form(form) }, cancel);
        }

        return answer.IsSuccess
            ? ("Authorization", $"Bearer {Token(answer)}")
            : throw new MetricException($"oauth2: cannot fetch token: {answer.Status} from {call.Where}: {answer.Excerpt}");
    }

    /// <summary>Names and values as a form or a query string.</summary>
    public static string Form(IEnumerable<KeyValuePair<string, string>> values) =>
        string.Join('&', values.Select(v => $"{Uri.EscapeDataString(v.Key)}={Uri.EscapeDataString(v.Value)}"));

    private static (string Name, string Value) Basic(string name, string password) =>
        ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"))}");

    private static string Token(MetricAnswer answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer.Body);
            return json.RootElement.GetProperty("access_token").GetString() is { Length: > 0 } token ? token : throw new KeyNotFoundException();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new MetricException("oauth2: the token server's answer holds no access_token");
        }
    }
}
