using System.Text.Json.Nodes;
using DaprRollouts.Kubernetes;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using k8s.Models;

namespace DaprRollouts.Conformance.Watching;

/// <summary>How a client of ours takes in what an API server answers.</summary>
public sealed class AnswersOfAScriptedServer
{
    private static readonly JsonObject Service = new() { ["metadata"] = new JsonObject { ["name"] = "web", ["resourceVersion"] = "1" } };

    [Fact]
    public async Task An_answer_is_all_there_before_it_is_read()
    {
        await using var api = await ScriptedApi.StartAsync(new WholeAnswers());
        var asking = api.Client.HttpClient.GetAsync(api.Client.BaseUri, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        var request = await api.NextAsync();
        await request.OpenAsync();
        await request.AnswerAsync(Service);

        using var response = await asking;
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Service.ToJsonString().Length, body.Length);
    }

    [Fact]
    public async Task An_event_of_a_watch_is_read_while_the_watch_goes_on()
    {
        await using var api = await ScriptedApi.StartAsync(new WholeAnswers());
        var reader = new ResourceReader<V1Service>(api.Client, Kinds.Services, null, null, TimeProvider.System);
        await using var events = reader.WatchAsync(1, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = events.MoveNextAsync();

        var request = await api.NextAsync();
        await request.SendAsync("ADDED", Service);

        Assert.True(await next);
        request.End();
    }
}
