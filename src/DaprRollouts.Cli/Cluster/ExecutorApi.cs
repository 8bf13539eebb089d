using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Signals;

namespace DaprRollouts.Cli.Cluster;

/// <summary>The executor's HTTP API: at its own address, or through the API server's proxy to the Service in the cluster.</summary>
internal sealed class ExecutorApi(string? server, Func<Target> connect) : IDisposable
{
    /// <summary>The environment variable that names the executor's address.</summary>
    public const string ServerVariable = "DAPR_ROLLOUTS_SERVER";

    private const string Proxy = "api/v1/namespaces/dapr-rollouts/services/dapr-rollouts:http/proxy/";

    private readonly HttpClient _direct = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>What happened to each revision of a rollout that the engine still knows.</summary>
    public async Task<IReadOnlyList<RevisionTimeline>> HistoryAsync(string ns, string name, CancellationToken cancel)
    {
        return await AskAsync<IReadOnlyList<RevisionTimeline>>($"history of rollout '{name}'", HttpMethod.Get, $"{Path(ns, name)}/history", null, cancel) ?? [];
    }

    /// <summary>Sends a signal.</summary>
    public async Task<string> SignalAsync(string ns, string name, Signal signal, CancellationToken cancel)
    {
        using var body = JsonContent.Create(signal, options: ModelJson.Options);
        var answer = await AskAsync<JsonObject>($"{signal.Action} of rollout '{name}'", HttpMethod.Post, $"{Path(ns, name)}/signals", body, cancel);
        return answer?["message"]?.ToString() ?? "accepted";
    }

    public void Dispose() => _direct.Dispose();

    private static string Path(string ns, string name) => $"api/v1/namespaces/{Uri.EscapeDataString(ns)}/rollouts/{Uri.EscapeDataString(name)}";

    private async Task<T?> AskAsync<T>(string what, HttpMethod method, string path, HttpContent? body, CancellationToken cancel)
    {
        try
        {
            using var answer = server is null ? await SendByProxyAsync(method, path, body, cancel) : await SendDirectAsync(server, method, path, body, cancel);
            var text = await answer.Content.ReadAsStringAsync(cancel);
            return answer.IsSuccessStatusCode
                ? JsonSerializer.Deserialize<T>(text, ModelJson.Options)
                : throw new CommandException(Detail(text) is { } detail ? $"{what}: {detail}" : $"the executor answered {(int)answer.StatusCode} {answer.ReasonPhrase}: {Remedy}");
        }
        catch (JsonException)
        {
            throw new CommandException($"this is no answer of an executor: {Remedy}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException { InnerException: TimeoutException })
        {
            throw new CommandException($"the executor cannot be reached ({e.Message}): {Remedy}");
        }
    }

    private async Task<HttpResponseMessage> SendDirectAsync(string address, HttpMethod method, string path, HttpContent? body, CancellationToken cancel)
    {
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var root) || root.Scheme is not ("http" or "https"))
        {
            throw new CommandException($"'{address}' is not an address: write for example http://127.0.0.1:8090", CommandException.Misuse);
        }

        using var request = new HttpRequestMessage(method, new Uri(root, path)) { Content = body };
        return await _direct.SendAsync(request, cancel);
    }

    private async Task<HttpResponseMessage> SendByProxyAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancel)
    {
        var client = connect().Client;
        using var request = new HttpRequestMessage(method, new Uri(client.BaseUri, Proxy + path)) { Content = body };
        if (client.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, cancel);
        }

        return await client.HttpClient.SendAsync(request, cancel);
    }

    private string Remedy => server is null
        ? $"give its address with --server or {ServerVariable} if it does not run in the cluster as Service dapr-rollouts/dapr-rollouts"
        : $"is it running, and is {server} its address?";

    // The detail of an RFC 9457 problem is the executor's own words; anything else came from something in between.
    private static string? Detail(string text)
    {
        try
        {
            return (JsonNode.Parse(text) as JsonObject)?["detail"]?.ToString();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What happened to a revision.</summary>
internal sealed record RevisionTimeline(long Revision, string Workflow, IReadOnlyList<TimelineEntry> Timeline);
