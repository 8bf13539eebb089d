using System.Buffers;
using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;
using DaprRollouts.DevCluster.Tables;

namespace DaprRollouts.DevCluster.Api;

/// <summary>One watch: first what is there, if asked for, then every change, in order, until its time is over.</summary>
internal sealed class WatchStream(Exchange exchange, ObjectStore store, ResourceType type, Selection selection, ListQuery query, TimeProvider time)
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(45);
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromMinutes(1);

    private readonly ResponseFormat _format = exchange.Format;
    private readonly TableRendering? _table = exchange.Format.Shape == ResponseShape.Table ? exchange.Table(type, exchange.Format) : null;
    private bool _hasShownColumns;

    public async Task RunAsync(CancellationToken serverStopping)
    {
        var (initial, position, revision) = Begin();
        exchange.Response.StatusCode = 200;
        exchange.Response.ContentType = "application/json";
        await exchange.Response.StartAsync(exchange.Aborted);
        using var timeout = new CancellationTokenSource(query.Timeout ?? DefaultTimeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(exchange.Aborted, serverStopping, timeout.Token);
        try
        {
            foreach (var item in initial)
            {
                Write("ADDED", item);
            }
            if (query.SendsInitialEvents)
            {
                WriteBookmark(revision, isInitialEnd: true);
            }
            await exchange.Response.BodyWriter.FlushAsync(end.Token);
            await FollowAsync(position, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Timeouts, clients that leave and a stopping server all end the stream between two events.
        }
    }

    private (IEnumerable<StoredObject> Initial, Change Position, long Revision) Begin()
    {
        var shelf = store.ShelfOf(type.ShelfName);
        if (query.Revision is > 0 && !query.SendsInitialEvents)
        {
            var position = store.PositionAt(shelf, query.Revision.Value)
                ?? throw ApiFailure.Expired($"too old resource version: {query.Revision} ({store.Revision})");
            return ([], position, query.Revision.Value);
        }
        var view = store.View(shelf);
        return (selection.From(view), view.Position, view.Revision);
    }

    private async Task FollowAsync(Change position, CancellationToken end)
    {
        using var bookmarks = new PeriodicTimer(BookmarkInterval, time);
        var tick = bookmarks.WaitForNextTickAsync(end).AsTask();
        var ended = Task.Delay(Timeout.Infinite, end);
        while (true)
        {
            // Read before looking whether more has come, so that a bookmark never runs ahead of the events.
            var revision = store.Revision;
            if (!position.Next.IsCompleted)
            {
                await exchange.Response.BodyWriter.FlushAsync(end);
                if (tick.IsCompleted)
                {
                    if (query.WantsBookmarks && !position.Next.IsCompleted)
                    {
                        WriteBookmark(revision, isInitialEnd: false);
                    }
                    tick = bookmarks.WaitForNextTickAsync(end).AsTask();
                    continue;
                }
                await Task.WhenAny(position.Next, tick, ended);
                end.ThrowIfCancellationRequested();
                continue;
            }
            position = await position.Next;
            if (position.Kind != ChangeKind.Origin && position.Revision > (query.Revision ?? 0))
            {
                Show(position);
            }
        }
    }

    /// <summary>For a watcher with selectors, an object comes and goes as it begins and ceases to match.</summary>
    private void Show(Change change)
    {
        var did = change.Previous is { } previous && selection.Matches(previous);
        var does = change.Kind != ChangeKind.Deleted && selection.Matches(change.Object);
        if (does)
        {
            Write(did ? "MODIFIED" : "ADDED", change.Object);
        }
        else if (did)
        {
            Write("DELETED", change.Object);
        }
    }

    private void Write(string kind, StoredObject item)
    {
        if (_format.Shape == ResponseShape.Object && item.Content.Text("apiVersion") == type.GroupVersion)
        {
            WriteFrame(kind, item.Utf8.Span);
            return;
        }
        var content = Registry.InVersion(item, type);
        JsonNode shown = _format.Shape switch
        {
            ResponseShape.Table => _table!.Render(
                [content], new JsonObject { ["resourceVersion"] = item.Revision.ToString() }, time.GetUtcNow(), !_hasShownColumns),
            ResponseShape.PartialMetadata => PartialMetadata.Of(content, _format.Version),
            _ => content,
        };
        _hasShownColumns = true;
        WriteFrame(kind, JsonTree.Write(shown));
    }

    private void WriteBookmark(long revision, bool isInitialEnd)
    {
        var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(), ["creationTimestamp"] = null };
        if (isInitialEnd)
        {
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }
        WriteFrame("BOOKMARK", JsonTree.Write(new JsonObject { ["kind"] = type.Kind, ["apiVersion"] = type.GroupVersion, ["metadata"] = metadata }));
    }

    private void WriteFrame(string kind, ReadOnlySpan<byte> item)
    {
        var writer = exchange.Response.BodyWriter;
        writer.Write("{\"type\":\""u8);
        writer.Write(System.Text.Encoding.ASCII.GetBytes(kind));
        writer.Write("\",\"object\":"u8);
        writer.Write(item);
        writer.Write("}\n"u8);
    }
}
