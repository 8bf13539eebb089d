using System.Text.Json.Nodes;
using System.Threading.Channels;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprRollouts.Conformance.Watching;

/// <summary>What a reflector does when an API server, or the way to it, misbehaves.</summary>
public sealed class ReflectorOnAScriptedServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ResourceCache<ReplicaSet> _cache = new();
    private readonly Channel<string> _told = Channel.CreateUnbounded<string>();
    private readonly PauseClock _time = new();
    private ScriptedApi _api = null!;
    private Task _running = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _api.DisposeAsync();
        _stopping.Dispose();
    }

    [Fact]
    public async Task It_lists_in_pages_and_watches_from_there()
    {
        await StartAsync();

        var first = await _api.NextAsync();
        Assert.Equal("/apis/apps/v1/namespaces/shop/replicasets", first.Path);
        Assert.Equal(("500", "", "app"), (first.Query("limit"), first.Query("continue"), first.Query("labelSelector")));
        await first.ListAsync(7, "next page", Set("a", 3));
        var second = await _api.NextAsync();
        Assert.Equal("next page", second.Query("continue"));
        Assert.False(_cache.HasSynced);
        await second.ListAsync(7, null, Set("b", 5));
        var watch = await _api.NextAsync();

        Assert.Equal(("7", "true"), (watch.Query("resourceVersion"), watch.Query("allowWatchBookmarks")));
        Assert.True(_cache.HasSynced);
        Assert.Equal(["a", "b"], Names());
    }

    [Fact]
    public async Task Each_event_is_told_when_it_arrives_however_long_it_is()
    {
        var watch = await WatchingAsync(1);

        foreach (var (length, version) in new[] { (10, 2), (5_000, 3), (40_000, 4), (200_000, 5) })
        {
            await watch.SendAsync("MODIFIED", Set("a", version, note: new string('x', length)));
            Assert.Equal($"a{version}", await ToldAsync());
        }
    }

    [Fact]
    public async Task A_dropped_connection_is_taken_up_where_it_ended()
    {
        var watch = await WatchingAsync(1);
        await watch.SendAsync("ADDED", Set("a", 2));
        Assert.Equal("a2", await ToldAsync());

        watch.Break();
        var again = await NextAsync();

        Assert.True(again.IsWatch);
        Assert.Equal("2", again.Query("resourceVersion"));
        await again.SendAsync("DELETED", Set("a", 3));
        Assert.Equal("-a2", await ToldAsync());
    }

    [Fact]
    public async Task A_bookmark_moves_on_where_it_continues()
    {
        var watch = await WatchingAsync(1);
        await watch.SendAsync("BOOKMARK", new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = "40" } });

        watch.End();
        var again = await NextAsync();

        Assert.Equal("40", again.Query("resourceVersion"));
        Assert.Equal(40, _cache.SeenUpTo);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_410_it_lists_again_and_tells_only_the_differences(bool inTheWatch)
    {
        var watch = await WatchingAsync(1, Set("stays", 1), Set("goes", 1), Set("changes", 1));
        Assert.Equal(["stays1", "goes1", "changes1"], [await ToldAsync(), await ToldAsync(), await ToldAsync()]);

        if (inTheWatch)
        {
            await watch.SendGoneAsync();
            watch.End();
        }
        else
        {
            watch.Break();
            await (await NextAsync()).GoneAsync();
        }

        var list = await NextAsync();
        Assert.False(list.IsWatch);
        await list.ListAsync(20, null, Set("stays", 1), Set("changes", 15), Set("comes", 12));

        Assert.Equal(["-goes1", "changes15", "comes12"], new[] { await ToldAsync(), await ToldAsync(), await ToldAsync() }.Order(StringComparer.Ordinal));
        Assert.Equal("20", (await NextAsync()).Query("resourceVersion"));
        Assert.False(_told.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_list_that_outlives_its_pages_is_fetched_whole()
    {
        await StartAsync();
        await (await _api.NextAsync()).ListAsync(7, "next page", Set("a", 3));
        await (await _api.NextAsync()).GoneAsync();

        var whole = await _api.NextAsync();

        Assert.Equal(("", ""), (whole.Query("limit"), whole.Query("continue")));
        await whole.ListAsync(9, null, Set("a", 3), Set("b", 8));
        await _api.NextAsync();
        Assert.Equal(["a", "b"], Names());
    }

    [Fact]
    public async Task A_silent_connection_is_given_up()
    {
        var watch = await WatchingAsync(5);
        _time.Advance(TimeSpan.FromSeconds(149));
        await watch.SendAsync("ADDED", Set("a", 6));
        Assert.Equal("a6", await ToldAsync());

        _time.Advance(TimeSpan.FromSeconds(150));
        var again = await NextAsync();

        await watch.HungUp.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal("6", again.Query("resourceVersion"));
    }

    [Fact]
    public async Task A_server_that_drops_every_watch_is_asked_less_and_less_often()
    {
        var watch = await WatchingAsync(5);
        var times = new List<DateTimeOffset>();

        for (var i = 0; i < 8; i++)
        {
            watch.End();
            watch = await NextAsync();
            times.Add(_time.GetUtcNow());
        }

        // Pauses are random, but around a mean that doubles.
        var pauses = times.Zip(times.Skip(1), (before, after) => after - before).ToList();
        Assert.True(pauses.Max() > TimeSpan.FromSeconds(3), $"no pause above {pauses.Max()}");
    }

    [Fact]
    public async Task A_server_that_fails_to_list_is_asked_again()
    {
        await StartAsync();
        await (await _api.NextAsync()).AnswerAsync(500, new JsonObject { ["message"] = "etcdserver: leader changed" });
        (await NextAsync()).Break();
        await (await NextAsync()).ListAsync(3, null, Set("a", 2));
        await NextAsync();

        Assert.Equal(["a"], Names());
    }

    [Fact]
    public async Task An_own_write_is_neither_undone_by_late_events_nor_by_a_list_from_before()
    {
        var watch = await WatchingAsync(1, Set("a", 1));
        await ToldAsync();
        _cache.Upsert(Read("a", 10));
        _cache.Upsert(Read("new", 11));
        Assert.Equal(["a10", "new11"], [await ToldAsync(), await ToldAsync()]);

        await watch.SendAsync("MODIFIED", Set("a", 5));
        await watch.SendGoneAsync();
        watch.End();
        await (await NextAsync()).ListAsync(6, null, Set("a", 5));
        var again = await NextAsync();
        await again.SendAsync("ADDED", Set("other", 12));

        Assert.Equal("other12", await ToldAsync());
        Assert.Equal(["a", "new", "other"], Names());
        Assert.Equal("10", _cache.Get("shop", "a")!.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_malformed_object_costs_only_its_bad_member()
    {
        var bad = Set("bad", 2);
        bad["spec"] = new JsonObject { ["replicas"] = "many", ["minReadySeconds"] = 5 };

        await WatchingAsync(2, bad, Set("good", 1));

        var read = _cache.Get("shop", "bad")!;
        Assert.Null(read.Spec!.Replicas);
        Assert.Equal(5, read.Spec.MinReadySeconds);
        Assert.StartsWith("spec.replicas: Invalid value: \"many\"", Assert.Single(read.Unreadable), StringComparison.Ordinal);
        Assert.NotNull(_cache.Get("shop", "good"));
    }

    [Fact]
    public async Task An_object_that_is_nested_out_of_all_reason_costs_only_what_is_too_deep()
    {
        var watch = await WatchingAsync(2, Deep("deep", 2), Set("good", 1));
        await watch.SendAsync("MODIFIED", Deep("good", 3));

        Assert.Equal(["deep2", "good1", "good3"], [await ToldAsync(), await ToldAsync(), await ToldAsync()]);
        var read = _cache.Get("shop", "good")!;
        Assert.Equal(5, read.Spec!.MinReadySeconds);
        Assert.StartsWith("spec.template.odd[0][0]", Assert.Single(read.Unreadable), StringComparison.Ordinal);
        Assert.EndsWith("[0]: Invalid value: nested more than 60 levels deep", read.Unreadable[0], StringComparison.Ordinal);
    }

    private static JsonObject Deep(string name, int version)
    {
        var odd = new JsonArray();
        for (var depth = 0; depth < 500; depth++)
        {
            odd = new JsonArray(odd);
        }

        var set = Set(name, version);
        set["spec"] = new JsonObject { ["minReadySeconds"] = 5, ["template"] = new JsonObject { ["odd"] = odd } };
        return set;
    }

    private async Task StartAsync()
    {
        _api = await ScriptedApi.StartAsync();
        _cache.Changed += change => _told.Writer.TryWrite(
            change.New is { } now ? $"{now.Metadata.Name}{now.Metadata.ResourceVersion}" : $"-{change.Old!.Metadata.Name}{change.Old.Metadata.ResourceVersion}");
        var reflector = new Reflector<ReplicaSet>(_api.Client, Kinds.ReplicaSets, _cache, "shop", "app", NullLogger.Instance, _time);
        _running = reflector.RunAsync(_stopping.Token);
    }

    private async Task<ScriptedRequest> WatchingAsync(int version, params JsonObject[] listed)
    {
        await StartAsync();
        await (await _api.NextAsync()).ListAsync(version, null, listed);
        return await _api.NextAsync();
    }

    /// <summary>The next request, with the pauses before it passed over.</summary>
    private async Task<ScriptedRequest> NextAsync()
    {
        var next = _api.NextAsync();
        while (!next.IsCompleted)
        {
            await Task.WhenAny(next, _time.PausesAsync());
            _time.PassPauses();
        }

        return await next;
    }

    private async Task<string> ToldAsync() => await _told.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);

    private IEnumerable<string> Names() => _cache.List().Select(r => r.Metadata.Name).Order(StringComparer.Ordinal);

    private static ReplicaSet Read(string name, int version)
    {
        using var json = System.Text.Json.JsonDocument.Parse(Set(name, version).ToJsonString());
        return Kinds.ReplicaSets.ReadWhole(json.RootElement);
    }

    private static JsonObject Set(string name, int version, string note = "") => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = "shop",
            ["uid"] = $"uid-{name}",
            ["resourceVersion"] = version.ToString(),
            ["annotations"] = new JsonObject { ["note"] = note },
        },
    };
}
