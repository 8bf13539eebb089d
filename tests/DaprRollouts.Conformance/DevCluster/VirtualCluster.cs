using System.Text;
using System.Text.Json.Nodes;
using DaprRollouts.DevCluster;
using Microsoft.Extensions.Time.Testing;

namespace DaprRollouts.Conformance.DevCluster;

/// <summary>An embedded cluster in virtual time: nothing happens between two steps but what the steps cause.</summary>
internal sealed class VirtualCluster : IAsyncDisposable
{
    private VirtualCluster(EmbeddedCluster cluster, FakeTimeProvider clock)
    {
        Cluster = cluster;
        Clock = clock;
        Client = new HttpClient { BaseAddress = cluster.Uri };
    }

    public EmbeddedCluster Cluster { get; }

    public FakeTimeProvider Clock { get; }

    public HttpClient Client { get; }

    public static async Task<VirtualCluster> StartAsync(EmbeddedClusterOptions? options = null)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var cluster = await EmbeddedCluster.StartAsync((options ?? new EmbeddedClusterOptions()) with { TimeProvider = clock });
        await cluster.WhenIdleAsync();
        return new VirtualCluster(cluster, clock);
    }

    public async Task AdvanceAsync(double seconds)
    {
        // In small steps, so that what one timer starts can meet the next.
        for (var left = TimeSpan.FromSeconds(seconds); left > TimeSpan.Zero; left -= TimeSpan.FromMilliseconds(100))
        {
            Clock.Advance(left < TimeSpan.FromMilliseconds(100) ? left : TimeSpan.FromMilliseconds(100));
            await Cluster.WhenIdleAsync();
        }
    }

    public Task<JsonNode> CreateAsync(string path, string yaml) => SendAsync(HttpMethod.Post, path, ApiScript.ToJson(yaml), "application/json");

    public Task<JsonNode> PatchAsync(string path, string yaml) =>
        SendAsync(HttpMethod.Patch, path, ApiScript.ToJson(yaml), "application/merge-patch+json");

    public Task<JsonNode> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null, null);

    public async Task<JsonNode> GetAsync(string path) => Parse(await Client.GetStringAsync(path));

    public async Task<JsonArray> ListAsync(string path) => (await GetAsync(path))["items"]!.AsArray();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Cluster.DisposeAsync();
    }

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, string? body, string? type)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, type!);
        }
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        await Cluster.WhenIdleAsync();
        return Parse(text);
    }

    private static JsonNode Parse(string text) => JsonNode.Parse(text, documentOptions: new System.Text.Json.JsonDocumentOptions { MaxDepth = 256 })!;
}
