using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Writing;
using k8s;
using k8s.Models;

namespace DaprRollouts.Kubernetes.Watching;

/// <summary>An event of a watch: the kind of change, and the object as JSON.</summary>
internal readonly record struct WatchedEvent(string Type, JsonElement Object);

/// <summary>
/// Lists and watches objects of one kind through KubernetesClient's connection. It reads the JSON itself, so that one malformed object costs only that object, and so
/// that a connection that has gone silent is noticed.
/// </summary>
internal sealed class ResourceReader<T>(k8s.Kubernetes client, ResourceKind<T> kind, string? ns, string? labelSelector)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private const int PageSize = 500;

    /// <summary>A watch is renewed after this long; servers end it at a time of their own otherwise.</summary>
    private static readonly TimeSpan WatchFor = TimeSpan.FromMinutes(5);

    // Bookmarks come once a minute, so this long without a byte means that the connection is dead.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(150);

    /// <summary>All objects, and the resource version of the list.</summary>
    public async Task<(List<T> Objects, long ResourceVersion)> ListAsync(CancellationToken cancel)
    {
        List<T> objects = [];
        string? next = null;
        while (true)
        {
            using var response = await SendAsync($"limit={PageSize}" + (next is null ? "" : $"&continue={Uri.EscapeDataString(next)}"), cancel);
            using var page = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancel), cancellationToken: cancel);
            objects.AddRange(page.RootElement.GetProperty("items").EnumerateArray().Select(Read));
            var metadata = page.RootElement.GetProperty("metadata");
            next = metadata.TryGetProperty("continue", out var token) ? token.GetString() : null;
            if (string.IsNullOrEmpty(next))
            {
                return (objects, long.Parse(metadata.GetProperty("resourceVersion").GetString()!));
            }
        }
    }

    /// <summary>Changes since a resource version, until the server ends the watch.</summary>
    public async IAsyncEnumerable<WatchedEvent> WatchAsync(long since, [EnumeratorCancellation] CancellationToken cancel)
    {
        var query = $"watch=true&allowWatchBookmarks=true&resourceVersion={since}&timeoutSeconds={(int)WatchFor.TotalSeconds}";
        using var response = await SendAsync(query, cancel);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        while (true)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(Silence);
            string? line;
            try
            {
                line = await reader.ReadLineAsync(patience.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                throw new IOException($"the watch of {kind.Plural} was silent for {Silence.TotalSeconds:0} s");
            }

            if (line is null)
            {
                yield break;
            }

            using var json = JsonDocument.Parse(line);
            yield return new WatchedEvent(json.RootElement.GetProperty("type").GetString()!, json.RootElement.GetProperty("object"));
        }
    }

    /// <summary>Reads one object; lists leave its kind out.</summary>
    public T Read(JsonElement json)
    {
        var value = kind.Read(json);
        value.ApiVersion = kind.ApiVersion;
        value.Kind = kind.Kind;
        value.Metadata.ManagedFields = null;
        return value;
    }

    private async Task<HttpResponseMessage> SendAsync(string query, CancellationToken cancel)
    {
        var selector = string.IsNullOrEmpty(labelSelector) ? "" : $"&labelSelector={Uri.EscapeDataString(labelSelector)}";
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseUri, $"{kind.Path(ns)}?{query}{selector}"))
        {
            Version = HttpVersion.Version20,
        };
        if (client.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, cancel);
        }

        var response = await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw KubernetesApiException.Of((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancel), $"list {kind.Plural}");
        }
    }
}
