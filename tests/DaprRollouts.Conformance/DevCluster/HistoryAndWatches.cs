using System.Net;
using System.Text.Json.Nodes;
using DaprRollouts.DevCluster;

namespace DaprRollouts.Conformance.DevCluster;

/// <summary>What cannot be provoked on a real server within a test: forgotten history, bookmarks, timeouts of minutes.</summary>
public sealed class HistoryAndWatches
{
    [Fact]
    public async Task A_watch_from_a_forgotten_version_is_told_that_it_is_gone()
    {
        await using var cluster = await VirtualCluster.StartAsync();
        var first = await cluster.CreateAsync(Some.ConfigMaps, "metadata: {name: a}");
        await cluster.CreateAsync(Some.ConfigMaps, "metadata: {name: b}");

        cluster.Cluster.ForgetHistory();
        using var response = await cluster.Client.GetAsync($"{Some.ConfigMaps}?watch=1&resourceVersion={Version(first)}", Token);

        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
        Assert.Equal("Expired", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!["reason"]);
    }

    [Fact]
    public async Task History_is_forgotten_beyond_its_limit()
    {
        await using var cluster = await VirtualCluster.StartAsync(new EmbeddedClusterOptions { HistoryLimit = 3 });
        var versions = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            versions.Add(Version(await cluster.CreateAsync(Some.ConfigMaps, $"metadata: {{name: m{i}}}")));
        }

        using var old = await cluster.Client.GetAsync($"{Some.ConfigMaps}?watch=1&timeoutSeconds=1&resourceVersion={versions[1]}", Token);
        await using var recent = await WatchReader.OpenAsync(cluster.Client, $"{Some.ConfigMaps}?resourceVersion={versions[3]}", Token);

        Assert.Equal(HttpStatusCode.Gone, old.StatusCode);
        Assert.Equal("m4", (string?)(await recent.NextAsync())!["object"]!["metadata"]!["name"]);
    }

    [Fact]
    public async Task A_page_of_a_forgotten_list_is_gone()
    {
        await using var cluster = await VirtualCluster.StartAsync();
        await cluster.CreateAsync(Some.ConfigMaps, "metadata: {name: a}");
        await cluster.CreateAsync(Some.ConfigMaps, "metadata: {name: b}");
        var page = await cluster.GetAsync($"{Some.ConfigMaps}?limit=1");
        await cluster.CreateAsync(Some.ConfigMaps, "metadata: {name: c}");

        cluster.Cluster.ForgetHistory();
        using var response = await cluster.Client.GetAsync($"{Some.ConfigMaps}?limit=1&continue={page["metadata"]!["continue"]}", Token);

        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
    }

    [Fact]
    public async Task Bookmarks_tell_the_newest_version_while_nothing_happens()
    {
        await using var cluster = await VirtualCluster.StartAsync();
        var start = Version(await cluster.CreateAsync(Some.ConfigMaps, "metadata: {name: a}"));
        await using var watch = await WatchReader.OpenAsync(cluster.Client, $"{Some.ConfigMaps}?resourceVersion={start}&allowWatchBookmarks=true", Token);
        await cluster.CreateAsync("/api/v1/namespaces/default/secrets", "metadata: {name: other}");

        cluster.Clock.Advance(TimeSpan.FromSeconds(61));
        var bookmark = (await watch.NextAsync())!;

        Assert.Equal("BOOKMARK", (string?)bookmark["type"]);
        Assert.Equal(cluster.Cluster.ResourceVersion.ToString(), Version(bookmark["object"]!));
    }

    [Fact]
    public async Task Initial_events_end_with_a_bookmark()
    {
        await using var cluster = await VirtualCluster.StartAsync();
        await cluster.CreateAsync(Some.ConfigMaps, "metadata: {name: a}");

        await using var watch = await WatchReader.OpenAsync(
            cluster.Client, $"{Some.ConfigMaps}?sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true", Token);
        var (added, end) = ((await watch.NextAsync())!, (await watch.NextAsync())!);

        Assert.Equal("ADDED", (string?)added["type"]);
        Assert.Equal("true", (string?)end["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]);
    }

    [Fact]
    public async Task A_watch_ends_when_its_time_is_over()
    {
        await using var cluster = await VirtualCluster.StartAsync();
        await using var watch = await WatchReader.OpenAsync(cluster.Client, $"{Some.ConfigMaps}?timeoutSeconds=30&resourceVersion=1", Token);
        await cluster.CreateAsync(Some.ConfigMaps, "metadata: {name: a}");

        var first = await watch.NextAsync();
        cluster.Clock.Advance(TimeSpan.FromSeconds(31));

        Assert.NotNull(first);
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task A_version_from_the_future_is_refused()
    {
        await using var cluster = await VirtualCluster.StartAsync();

        using var response = await cluster.Client.GetAsync($"{Some.ConfigMaps}?resourceVersion=1000000&resourceVersionMatch=NotOlderThan", Token);

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
    }

    [Fact]
    public async Task Every_watcher_sees_every_change_in_the_same_order()
    {
        await using var cluster = await VirtualCluster.StartAsync();
        var watches = new List<WatchReader>();
        for (var i = 0; i < 10; i++)
        {
            watches.Add(await WatchReader.OpenAsync(cluster.Client, $"{Some.ConfigMaps}?resourceVersion=1", Token));
        }

        await Parallel.ForEachAsync(Enumerable.Range(0, 50), Token, async (i, _) => await cluster.CreateAsync(Some.ConfigMaps, $"metadata: {{name: m{i}}}"));
        var seen = new List<long[]>();
        foreach (var watch in watches)
        {
            var versions = new List<long>();
            while (versions.Count < 50)
            {
                versions.Add(long.Parse(Version((await watch.NextAsync())!["object"]!)));
            }
            seen.Add([.. versions]);
            await watch.DisposeAsync();
        }

        Assert.All(seen, versions => Assert.Equal(seen[0], versions));
        Assert.Equal(seen[0].Order(), seen[0]);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Version(JsonNode item) => item["metadata"]!["resourceVersion"]!.ToString();
}
