using DaprRollouts.Cli;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Cli.Verbs;
using DaprRollouts.Core.Signals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Tests.Cli;

/// <summary>What is told of an address that answers otherwise than an executor does.</summary>
public sealed class ExecutorApiTests : IAsyncLifetime
{
    private readonly WebApplication _server;
    private string _answer = "";
    private int _status = StatusCodes.Status200OK;

    public ExecutorApiTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(http =>
        {
            http.Response.StatusCode = _status;
            return http.Response.WriteAsync(_answer.Replace("PATH", http.Request.Path));
        });
    }

    public async ValueTask InitializeAsync() => await _server.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("<html>Welcome</html>")]
    [InlineData("""{"revisions": []}""")]
    [InlineData("")]
    public async Task A_page_of_something_else_is_told_as_such(string page)
    {
        _answer = page;

        var refusal = await Assert.ThrowsAsync<CommandException>(() => HistoryAsync("web"));

        Assert.Equal($"this is no answer of an executor: is it running, and is {_server.Urls.Single()} its address?", refusal.Message);
    }

    [Fact]
    public async Task What_the_executor_refuses_is_told_with_what_was_asked_for()
    {
        (_status, _answer) = (StatusCodes.Status409Conflict, """{"title": "The signal does not apply", "detail": "it is for revision 7, but revision 8 is the newest"}""");
        using var api = new ExecutorApi(_server.Urls.Single(), () => throw new InvalidOperationException("the address is given"));

        var refusal = await Assert.ThrowsAsync<CommandException>(() => api.SignalAsync("shop", "web", new Signal { Action = "promote", Revision = 7 }, TestContext.Current.CancellationToken));

        Assert.Equal("promote of rollout 'web': it is for revision 7, but revision 8 is the newest", refusal.Message);
    }

    [Theory]
    [InlineData("1, 2", 1L, 2L)]
    [InlineData("none")]
    public void A_revision_that_the_engine_does_not_know_is_told_with_those_that_it_does(string known, params long[] revisions)
    {
        var refusal = Assert.Throws<CommandException>(() => HistoryVerb.Of([.. revisions.Select(r => new RevisionTimeline(r, $"web-r{r}", []))], 9));

        Assert.Equal($"the engine knows no revision 9; it knows {known}", refusal.Message);
    }

    [Fact]
    public async Task A_name_stays_one_part_of_the_address()
    {
        _answer = """[{"revision": 1, "workflow": "PATH", "timeline": []}]""";

        Assert.Equal("/api/v1/namespaces/shop/rollouts/a%2Fb/history", (await HistoryAsync("a/b")).Single().Workflow);
    }

    [Fact]
    public void A_server_that_takes_too_long_is_told_apart_from_a_user_who_stops()
    {
        var slow = Failure.Of(new TaskCanceledException("cancelled", new TimeoutException("no answer within 100 s")));

        Assert.StartsWith("the server does not answer (no answer within 100 s)", slow!.Message, StringComparison.Ordinal);
        Assert.Equal("stopped", Failure.Of(new TaskCanceledException())!.Message);
    }

    private async Task<IReadOnlyList<RevisionTimeline>> HistoryAsync(string name)
    {
        using var api = new ExecutorApi(_server.Urls.Single(), () => throw new InvalidOperationException("the address is given"));
        return await api.HistoryAsync("shop", name, TestContext.Current.CancellationToken);
    }
}
