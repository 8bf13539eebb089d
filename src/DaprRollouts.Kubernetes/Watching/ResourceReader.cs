using System.Buffers;
using System.IO.Pipelines;
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
internal sealed class ResourceReader<T>(k8s.Kubernetes client, ResourceKind<T> kind, string? ns, string? labelSelector, TimeProvider time)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private const int PageSize = 500;

    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = ClusterConnection.DeepestJson };

    /// <summary>A watch is renewed after this long; servers end it at a time of their own otherwise.</summary>
    private static readonly TimeSpan WatchFor = TimeSpan.FromMinutes(5);

    // Bookmarks come once a minute, so this long without a byte means that the connection is dead.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(150);

    // The client itself sets no limit to requests that it does not make.
    private static readonly TimeSpan PagePatience = TimeSpan.FromSeconds(60);

    /// <summary>The resource version of an object.</summary>
    public static long Version(JsonElement json) => long.Parse(json.GetProperty("metadata").GetProperty("resourceVersion").GetString()!);

    /// <summary>All objects, and the resource version of the list.</summary>
    public async Task<(List<T> Objects, long ResourceVersion)> ListAsync(CancellationToken cancel)
    {
        try
        {
            return await ListAsync($"limit={PageSize}", cancel);
        }
        catch (GoneException)
        {
            // The list takes longer than the server remembers its state: without pages it comes from one state.
            return await ListAsync("", cancel);
        }
    }

    /// <summary>Changes since a resource version, until the server ends the watch.</summary>
    public async IAsyncEnumerable<WatchedEvent> WatchAsync(long since, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var silence = new CancellationTokenSource(Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, silence.Token);
        var query = $"watch=true&allowWatchBookmarks=true&resourceVersion={since}&timeoutSeconds={(int)WatchFor.TotalSeconds}";
        using var response = await InTimeAsync(SendAsync(query, either.Token), silence);
        await using var body = await response.Content.ReadAsStreamAsync(either.Token);
        var reader = PipeReader.Create(body);
        while (await InTimeAsync(LineAsync(reader, either.Token), silence) is { } line)
        {
            silence.CancelAfter(Silence);
            using (line)
            {
                yield return new WatchedEvent(line.RootElement.GetProperty("type").GetString()!, line.RootElement.GetProperty("object"));
            }
        }
    }

    /// <summary>Reads one object; lists leave its kind out.</summary>
    public T Read(JsonElement json) => kind.ReadWhole(json);

    // Each event is a line. System.Text.Json can read values from a stream one by one, too, but may hold back the last one until the next begins.
    private static async Task<JsonDocument?> LineAsync(PipeReader reader, CancellationToken cancel)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancel);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = JsonDocument.Parse(read.Buffer.Slice(0, end).ToArray(), AnyDepth);
                reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    private async Task<(List<T> Objects, long ResourceVersion)> ListAsync(string query, CancellationToken cancel)
    {
        List<T> objects = [];
        string? next = null;
        while (true)
        {
            using var patience = new CancellationTokenSource(PagePatience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
            using var page = await InTimeAsync(PageAsync(next is null ? query : $"{query}&continue={Uri.EscapeDataString(next)}", either.Token), patience);
            objects.AddRange(page.RootElement.GetProperty("items").EnumerateArray().Select(Read));
            next = page.RootElement.GetProperty("metadata").TryGetProperty("continue", out var token) ? token.GetString() : null;
            if (string.IsNullOrEmpty(next))
            {
                return (objects, Version(page.RootElement));
            }
        }
    }

    private async Task<JsonDocument> PageAsync(string query, CancellationToken cancel)
    {
        using var response = await SendAsync(query, cancel);
        return await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancel), AnyDepth, cancel);
    }

    private async Task<HttpResponseMessage> SendAsync(string query, CancellationToken cancel)
    {
        var selector = string.IsNullOrEmpty(labelSelector) ? "" : $"&labelSelector={Uri.EscapeDataString(labelSelector)}";
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{client.BaseUri.AbsoluteUri.TrimEnd('/')}/{kind.Path(ns)}?{query}{selector}"))
        {
            Version = HttpVersion.Version20,
        };
        request.Options.Set(WholeAnswers.InParts, true);
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

    private async Task<TResult> InTimeAsync<TResult>(Task<TResult> read, CancellationTokenSource patience)
    {
        try
        {
            return await read;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new IOException($"the connection for {kind.Plural} was silent for too long");
        }
    }
}
