using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace DaprRollouts.Tests.Executor;

/// <summary>What scripts, sidecars and dashboards rely on.</summary>
public sealed class HttpContractTests(ExecutorFixture executor) : IClassFixture<ExecutorFixture>
{
    private const string Signals = "api/v1/namespaces/default/rollouts/app/signals";

    [Fact]
    public async Task It_says_that_it_lives_and_is_ready_and_why()
    {
        Assert.Equal("ok", await executor.Http.GetStringAsync("healthz", TestContext.Current.CancellationToken));

        var ready = await GetAsync("readyz");
        Assert.Equal("Healthy", ready.GetProperty("status").GetString());
        Assert.Equal("The cluster is known.", ready.GetProperty("checks").GetProperty("cluster").GetString());
    }

    [Fact]
    public async Task The_sidecar_is_told_what_to_deliver_and_where_the_dead_ones_go() => Assert.Equal(
        [
            """{"pubsubname":"rollouts-pubsub","topic":"rollouts.signals","route":"/dapr/signals","deadLetterTopic":"rollouts.dead-letters"}""",
            """{"pubsubname":"rollouts-pubsub","topic":"rollouts.image-pushes","route":"/dapr/image-pushes","deadLetterTopic":"rollouts.dead-letters"}""",
        ],
        (await GetAsync("dapr/subscribe")).EnumerateArray().Select(s => s.GetRawText()));

    [Fact]
    public async Task A_list_has_every_rollout_in_one_line()
    {
        var rollout = Assert.Single((await GetAsync("api/v1/rollouts")).EnumerateArray());

        Assert.Equal("app", rollout.GetProperty("name").GetString());
        Assert.Equal("Canary", rollout.GetProperty("strategy").GetString());
        Assert.Equal(2, rollout.GetProperty("stepCount").GetInt32());
        Assert.NotEqual("", rollout.GetProperty("waitingFor").GetString());
        Assert.Empty((await GetAsync("api/v1/namespaces/elsewhere/rollouts")).EnumerateArray());
    }

    [Fact]
    public async Task A_rollout_comes_with_revisions_pods_and_roles()
    {
        var revisions = (await GetAsync("api/v1/namespaces/default/rollouts/app")).GetProperty("revisions");

        Assert.Equal([2L, 1L], revisions.EnumerateArray().Select(r => r.GetProperty("revision").GetInt64()));
        var stable = revisions[1].GetProperty("replicaSets")[0];
        Assert.Equal("example/app:1", stable.GetProperty("images")[0].GetString());
        Assert.Equal("stable", stable.GetProperty("roles")[0].GetString());
    }

    [Fact]
    public async Task What_a_rollout_waits_for_comes_with_who_can_move_it()
    {
        await executor.UntilAsync("Paused");
        var explanation = await GetAsync("api/v1/namespaces/default/rollouts/app/explanation");

        Assert.Equal("promote", explanation.GetProperty("movers")[0].GetProperty("who").GetString());
        Assert.Equal("promote app", explanation.GetProperty("movers")[0].GetProperty("command").GetString());
    }

    [Theory]
    [InlineData("api/v1/nothing")]
    [InlineData("api/v1/namespaces/default/rollouts/other/explanation")]
    public async Task What_is_not_there_is_a_problem(string path)
    {
        using var answer = await executor.Http.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    [Theory]
    [InlineData("api/v1/namespaces/default/rollouts/other")]
    [InlineData("api/v1/namespaces/default/rollouts/other/history")]
    public async Task An_unknown_rollout_is_a_problem_of_its_own(string path)
    {
        using var answer = await executor.Http.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Contains("There is no Rollout default/other.", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", HttpStatusCode.BadRequest, "the body is not JSON")]
    [InlineData("""{"action":"stop"}""", HttpStatusCode.BadRequest, "is unknown; give one of abort")]
    [InlineData("""{"action":"abort","namespace":"other"}""", HttpStatusCode.BadRequest, "of the address")]
    [InlineData("""{"action":"abort","revision":7}""", HttpStatusCode.Conflict, "it is for revision 7, but revision 2 is the newest")]
    public async Task A_signal_that_cannot_be_applied_is_answered_with_a_problem(string body, HttpStatusCode status, string detail)
    {
        using var answer = await PostAsync(Signals, body, "application/json");

        Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Contains(detail, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://elsewhere.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    public async Task Pages_of_other_sites_cannot_send_signals(string origin, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Signals) { Content = new StringContent("""{"action":"abort"}""") };
        request.Headers.Add("Origin", origin);
        using var answer = await executor.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    [Theory]
    [InlineData("""{"id":"m1","data":{"namespace":"default","rollout":"app","action":"stop"}}""")]
    [InlineData("""{"id":"m2","data":{"namespace":"default","rollout":"other","action":"abort"}}""")]
    [InlineData("not even JSON")]
    public async Task A_published_signal_that_cannot_be_applied_goes_to_the_dead_letters(string body)
    {
        using var answer = await PostAsync("dapr/signals", body, "application/cloudevents+json");

        Assert.Equal("""{"status":"DROP"}""", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_published_signal_is_applied_once_and_the_history_knows_who_sent_it_and_why()
    {
        const string Abort = """{"id":"a-1","source":"ci","specversion":"1.0","type":"com.dapr.event.sent","data":{"namespace":"default","rollout":"app","action":"abort","reason":"errors"}}""";
        using var first = await PostAsync("dapr/signals", Abort, "application/cloudevents+json");
        using var again = await PostAsync("dapr/signals", Abort, "application/cloudevents+json");
        Assert.Equal("""{"status":"SUCCESS"}""", await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("""{"status":"SUCCESS"}""", await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        var signal = (await executor.UntilAsync("Degraded")).GetProperty("lastSignal");
        Assert.Equal(("abort", "ci", "errors"), (signal.GetProperty("action").GetString(), signal.GetProperty("by").GetString(), signal.GetProperty("reason").GetString()));
        // Who sent it is written after what was sent, and may be told of by the next look.
        var history = JsonSerializer.Deserialize<JsonElement>(
            await executor.UntilAsync("api/v1/namespaces/default/rollouts/app/history", h => h.Contains("\"Signal\"", StringComparison.Ordinal), "a history with the signal"));
        var told = Assert.Single(history[1].GetProperty("timeline").EnumerateArray(), e => e.GetProperty("kind").GetString() == "Signal");
        Assert.Equal(("abort", "ci", "errors"), (told.GetProperty("text").GetString(), told.GetProperty("by").GetString(), told.GetProperty("why").GetString()));

        using var retry = await PostAsync(Signals, """{"action":"retry"}""", "application/json");
        Assert.Equal(HttpStatusCode.Accepted, retry.StatusCode);
        await executor.UntilAsync("Paused");

        var metrics = await executor.Http.GetStringAsync("metrics", TestContext.Current.CancellationToken);
        Assert.Contains("""dapr_rollouts_signals_total{via="pubsub",result="repeated"} 1""", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_API_describes_itself()
    {
        var document = await GetAsync("openapi/v1.json");
        var paths = document.GetProperty("paths").EnumerateObject().Select(p => p.Name).ToList();

        Assert.Equal(
            [
                "/api/v1/image-pushes", "/api/v1/namespaces/{ns}/rollouts", "/api/v1/namespaces/{ns}/rollouts/{name}",
                "/api/v1/namespaces/{ns}/rollouts/{name}/explanation", "/api/v1/namespaces/{ns}/rollouts/{name}/history",
                "/api/v1/namespaces/{ns}/rollouts/{name}/signals", "/api/v1/rollouts",
            ],
            paths.Order(StringComparer.Ordinal));
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/reference/api.md"), TestContext.Current.CancellationToken);
        Assert.All(paths, p => Assert.Contains($" {p}`", page, StringComparison.Ordinal));
        Assert.Equal("DaprRollouts", document.GetProperty("info").GetProperty("title").GetString());
    }

    private async Task<JsonElement> GetAsync(string path) =>
        JsonSerializer.Deserialize<JsonElement>(await executor.Http.GetStringAsync(path, TestContext.Current.CancellationToken));

    private async Task<HttpResponseMessage> PostAsync(string path, string body, string mediaType)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return await executor.Http.PostAsync(path, content, TestContext.Current.CancellationToken);
    }
}
