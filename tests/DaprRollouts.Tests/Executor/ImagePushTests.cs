using System.Net;
using System.Text;

namespace DaprRollouts.Tests.Executor;

/// <summary>Pushed images, from what a registry tells to the rollout that follows.</summary>
public sealed class ImagePushTests(ExecutorFixture executor) : IClassFixture<ExecutorFixture>
{
    private const string Pushes = "api/v1/image-pushes";

    [Fact]
    public async Task A_rollout_that_follows_a_repository_is_updated_once_and_knows_why()
    {
        using var ignored = await PostAsync(Pushes, """{"image":"example/app","tag":"3"}""");
        Assert.Equal("""{"updates":[]}""", await TextOf(ignored));

        // The annotation itself is not shown, but the size that is written with it.
        await executor.PatchAsync("""{"metadata":{"annotations":{"dapr-rollouts.io/image-policy":"app=example/app semver:>=2 <10"}},"spec":{"replicas":2}}""");
        await executor.UntilAsync(r => r.GetProperty("replicas").GetProperty("desired").GetInt32() == 2, "a size of 2");
        using var first = await PostAsync("dapr/image-pushes", """{"id":"m-1","source":"registry","data":{"image":"docker.io/example/app","tag":"3","by":"bob"}}""");
        Assert.Equal("""{"status":"SUCCESS"}""", await TextOf(first));
        var rollout = await executor.UntilAsync(r => r.GetProperty("summary").GetProperty("revision").GetInt64() == 3, "revision 3");
        Assert.Contains("example/app:3", rollout.GetRawText(), StringComparison.Ordinal);
        var signal = rollout.GetProperty("lastSignal");
        Assert.Equal(
            ("set-image", "bob", "docker.io/example/app:3 was pushed"),
            (signal.GetProperty("action").GetString(), signal.GetProperty("by").GetString(), signal.GetProperty("reason").GetString()));

        using var again = await PostAsync(Pushes, """{"image":"example/app","tag":"3"}""");
        Assert.Equal("""{"updates":[]}""", await TextOf(again));
        using var older = await PostAsync(Pushes, """{"image":"example/app","tag":"2.9"}""");
        Assert.Equal("""{"updates":[]}""", await TextOf(older));
        using var newer = await PostAsync(Pushes, """{"image":"example/app","tag":"4"}""");
        Assert.Equal("""{"updates":[{"namespace":"default","rollout":"app","container":"app","image":"example/app:4"}]}""", await TextOf(newer));
    }

    [Theory]
    [InlineData("nonsense", "the body is not JSON")]
    [InlineData("""{"image":"example/app"}""", "tag: missing")]
    public async Task A_message_that_is_not_understood_is_a_problem_over_HTTP_and_goes_to_the_dead_letters_otherwise(string body, string detail)
    {
        using var answer = await PostAsync(Pushes, body);
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Contains(detail, await TextOf(answer), StringComparison.Ordinal);

        using var published = await PostAsync("dapr/image-pushes", $$"""{"id":"m-2","data":{{(body[0] == '{' ? body : $"\"{body}\"")}}}""");
        Assert.Equal("""{"status":"DROP"}""", await TextOf(published));
        Assert.Contains(
            """dapr_rollouts_image_pushes_total{via="pubsub",result="malformed"}""",
            await executor.Http.GetStringAsync("metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static Task<string> TextOf(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private async Task<HttpResponseMessage> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await executor.Http.PostAsync(path, content, TestContext.Current.CancellationToken);
    }
}
