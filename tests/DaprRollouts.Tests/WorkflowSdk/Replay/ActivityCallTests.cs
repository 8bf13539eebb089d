using Dapr.Workflow;
using static DaprRollouts.Tests.WorkflowSdk.Replay.Happened;

namespace DaprRollouts.Tests.WorkflowSdk.Replay;

public sealed class ActivityCallTests
{
    private static Turns Chain() => Turns.Of(async c =>
    {
        var first = await c.CallActivityAsync<string>("A", 1);
        return first + await c.CallActivityAsync<string>("B", first);
    });

    [Fact]
    public void A_chain_asks_for_one_activity_after_the_other()
    {
        using var turns = Chain();

        Assert.Equal(["0 A"], turns.First().Told());
        Assert.Equal(["1 B"], turns.Later([Scheduled(0, "A")], Completed(0, "\"x\"")).Told());
        Assert.Equal(
            ["done \"xy\""],
            turns.Later([Scheduled(0, "A"), TurnStarted(), Completed(0, "\"x\""), Scheduled(1, "B")], Completed(1, "\"y\"")).Told());
    }

    [Fact]
    public void A_turn_without_news_asks_for_nothing_again()
    {
        using var turns = Chain();

        Assert.Empty(turns.Later([Scheduled(0, "A")]).Actions);
    }

    [Fact]
    public void The_answer_bears_the_token_of_its_work_item()
    {
        using var turns = Chain();

        Assert.Equal("token", turns.First().CompletionToken);
    }

    [Fact]
    public void Inputs_are_json_and_nothing_is_an_empty_text()
    {
        using var turns = Turns.Of(c => Task.WhenAll(
            c.CallActivityAsync<int>("Record", new { Name = "ä", Count = 1 }), c.CallActivityAsync<int>("None")));

        Assert.Equal(["{\"name\":\"\\u00E4\",\"count\":1}", ""], turns.First().Actions.Select(a => a.ScheduleTask.Input));
    }

    [Fact]
    public void Results_come_in_any_order()
    {
        using var turns = Turns.Of(async c => string.Join(',', await Task.WhenAll(
            c.CallActivityAsync<int>("A"), c.CallActivityAsync<int>("B"), c.CallActivityAsync<int>("C"))));
        var scheduled = new[] { Scheduled(0, "A"), Scheduled(1, "B"), Scheduled(2, "C") };

        Assert.Equal(["0 A", "1 B", "2 C"], turns.First().Told());
        Assert.Equal(["done \"1,2,3\""], turns.Later(scheduled, Completed(2, "3"), Completed(0, "1"), Completed(1, "2")).Told());
    }

    [Fact]
    public void The_first_result_of_an_activity_counts()
    {
        using var turns = Turns.Of(c => c.CallActivityAsync<int>("A"));

        Assert.Equal(["done 1"], turns.Later([Scheduled(0, "A")], Completed(0, "1"), Completed(0, "2")).Told());
    }

    [Fact]
    public void A_result_that_is_there_already_makes_the_call_needless()
    {
        using var turns = Turns.Of(async c =>
        {
            await c.WaitForExternalEventAsync<object>("go");
            return await c.CallActivityAsync<int>("A");
        });

        Assert.Equal(["done 5"], turns.First(Completed(0, "5"), Raised("go")).Told());
    }

    [Fact]
    public void A_failure_is_thrown_with_its_details()
    {
        using var turns = Turns.Of(async c =>
        {
            var failed = await Assert.ThrowsAsync<WorkflowTaskFailedException>(() => c.CallActivityAsync("A"));
            return $"{failed.Message}|{failed.FailureDetails}";
        });

        Assert.Equal(["done \"Task failed: no|X.Y: no\""], turns.Later([Scheduled(0, "A")], Failed(0, "X.Y", "no")).Told());
    }

    [Fact]
    public void An_uncaught_failure_fails_the_workflow_for_good()
    {
        using var turns = Turns.Of(c => c.CallActivityAsync<int>("A"));

        var details = turns.Later([Scheduled(0, "A")], Failed(0)).Ending().FailureDetails;

        Assert.Equal("Dapr.Workflow.WorkflowTaskFailedException", details.ErrorType);
        Assert.True(details.IsNonRetriable);
        Assert.NotEmpty(details.StackTrace);
    }

    [Theory]
    [InlineData(null, "other", null)]
    [InlineData("app", "other", "app>other")]
    [InlineData("app", null, null)]
    public void Another_app_is_reached_where_one_is_named_and_the_own_is_known(string? own, string? target, string? route)
    {
        using var turns = Turns.Of(c => c.CallActivityAsync<int>("A", null, new WorkflowTaskOptions(TargetAppId: target)));

        var router = turns.Run([], [TurnStarted(), Started(Turns.Workflow, app: own)]).Actions.Single().Router;

        Assert.Equal(route, router is null ? null : $"{router.SourceAppID}>{router.TargetAppID}");
    }

    [Fact]
    public void Work_in_parallel_keeps_a_window_of_open_calls()
    {
        using var turns = Turns.Of(async c => string.Join(
            ',', await c.ProcessInParallelAsync([1, 2, 3], n => c.CallActivityAsync<int>($"A{n}"), maxConcurrency: 2)));
        var scheduled = new[] { Scheduled(0, "A1"), Scheduled(1, "A2") };

        Assert.Equal(["0 A1", "1 A2"], turns.First().Told());
        Assert.Equal(["2 A3"], turns.Later(scheduled, Completed(1, "20")).Told());
        Assert.Equal(["2 A3", "done \"10,20,30\""], turns.Later(scheduled, Completed(1, "20"), Completed(0, "10"), Completed(2, "30")).Told());
    }

    [Fact]
    public void Work_in_parallel_ends_before_its_failures_are_thrown_together()
    {
        using var turns = Turns.Of(c => c.ProcessInParallelAsync([1, 2], n => c.CallActivityAsync<int>($"A{n}")));
        var scheduled = new[] { Scheduled(0, "A1"), Scheduled(1, "A2") };

        Assert.Empty(turns.Later(scheduled, Failed(0)).Actions);
        Assert.Equal(
            ["failed 2 out of 2 tasks failed (Task failed: broken) (Task failed: broken)"],
            turns.Later(scheduled, Failed(0), Failed(1)).Told());
    }
}
