using System.Text.Json.Nodes;
using DaprRollouts.Kubernetes;
using DaprRollouts.Kubernetes.Writing;

namespace DaprRollouts.Conformance.Watching;

/// <summary>What a client of ours does when an API server asks it for patience.</summary>
public sealed class ThrottlingOnAScriptedServer
{
    private static readonly JsonObject TooMany = new() { ["reason"] = "TooManyRequests", ["message"] = "too many" };

    [Fact]
    public async Task It_waits_as_long_as_the_server_says_and_asks_again()
    {
        await using var api = await ScriptedApi.StartAsync(new ThrottledRequests());
        var reading = new ClusterWriter(api.Client).GetServiceAsync(new(), "shop", "web", TestContext.Current.CancellationToken);

        await (await api.NextAsync()).AnswerAsync(429, TooMany, retryAfter: "0");
        await (await api.NextAsync()).AnswerAsync(200, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "web", ["resourceVersion"] = "1" } });

        Assert.Equal("web", (await reading)!.Metadata.Name);
    }

    [Fact]
    public async Task An_eviction_that_a_budget_forbids_is_not_tried_again()
    {
        await using var api = await ScriptedApi.StartAsync(new ThrottledRequests());
        var evicting = new ClusterWriter(api.Client).EvictAsync("shop", "web-1", TestContext.Current.CancellationToken);

        await (await api.NextAsync()).AnswerAsync(429, TooMany, retryAfter: "10");

        var refusal = await Assert.ThrowsAsync<TooManyRequestsException>(() => evicting);
        Assert.Equal("evict Pod shop/web-1: too many", refusal.Message);
    }

    [Fact]
    public async Task It_asks_so_much_at_once_and_no_more()
    {
        await using var api = await ScriptedApi.StartAsync();
        var writer = new ClusterWriter(api.Client);
        var reads = Enumerable.Range(0, 65).Select(_ => writer.GetServiceAsync(new(), "shop", "web", TestContext.Current.CancellationToken)).ToList();
        List<ScriptedRequest> asked = [];
        while (asked.Count < 64)
        {
            asked.Add(await api.NextAsync());
        }

        Assert.True(writer.IsCrowded);
        await asked[0].AnswerAsync(200, Web());
        await (await api.NextAsync()).AnswerAsync(200, Web());
        foreach (var request in asked.Skip(1))
        {
            await request.AnswerAsync(200, Web());
        }

        await Task.WhenAll(reads);
        Assert.False(writer.IsCrowded);
    }

    private static JsonObject Web() => new() { ["metadata"] = new JsonObject { ["name"] = "web", ["resourceVersion"] = "1" } };

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_told_as_such()
    {
        await using var api = await ScriptedApi.StartAsync();
        var reading = new ClusterWriter(api.Client).GetServiceAsync(new(), "shop", "web", TestContext.Current.CancellationToken);

        (await api.NextAsync()).Break();

        Assert.Equal(0, (await Assert.ThrowsAsync<KubernetesApiException>(() => reading)).StatusCode);
    }
}
