using Dapr.Workflow;
using static DaprRollouts.Tests.WorkflowSdk.Replay.Happened;

namespace DaprRollouts.Tests.WorkflowSdk.Replay;

public sealed class ChildWorkflowTests
{
    private static readonly ChildWorkflowTaskOptions Named = new("kid");

    private static Turns Parent(ChildWorkflowTaskOptions? options) => Turns.Of(async c =>
    {
        try
        {
            return await c.CallChildWorkflowAsync<string>("Child", null, options);
        }
        catch (WorkflowTaskFailedException failed)
        {
            return $"{failed.Message}|{failed.FailureDetails}";
        }
    });

    [Fact]
    public void A_child_bears_the_given_name_or_a_made_up_one()
    {
        using var named = Parent(Named);
        using var unnamed = Parent(null);

        Assert.Equal("kid", Assert.Single(named.First().Actions).CreateChildWorkflow.InstanceId);
        Assert.Equal("b08e18e3-5410-52f0-8cce-eab7a9a71d42", Assert.Single(unnamed.First().Actions).CreateChildWorkflow.InstanceId);
    }

    [Fact]
    public void Its_result_comes_back()
    {
        using var turns = Parent(Named);

        Assert.Equal(["done \"r\""], turns.Later([ChildCreated(0, "kid")], ChildCompleted(0, "\"r\"")).Told());
    }

    [Fact]
    public void A_child_that_the_engine_numbered_otherwise_is_known_by_its_name()
    {
        using var turns = Parent(Named);

        Assert.Equal(["done \"r\""], turns.Later([ChildCreated(7, "kid")], ChildCompleted(7, "\"r\"")).Told());
    }

    [Fact]
    public void Its_failure_is_thrown_with_details_and_its_termination_without()
    {
        using var turns = Parent(Named);

        Assert.Equal(
            ["done \"Child workflow \\u0027Child\\u0027 failed|X: no\""],
            turns.Later([ChildCreated(0, "kid")], ChildFailed(0, Details("X", "no"))).Told());
        Assert.Equal(
            ["done \"Child workflow \\u0027Child\\u0027 failed|Exception: Unknown message\""],
            turns.Later([ChildCreated(0, "kid")], ChildFailed(0, details: null)).Told());
    }

    [Fact]
    public void A_retried_child_without_name_is_another_instance_each_time()
    {
        using var turns = Parent(new ChildWorkflowTaskOptions(RetryPolicy: new WorkflowRetryPolicy(3, TimeSpan.FromSeconds(1))));
        const string First = "0f73c8ad-9afa-5a31-9062-c5a6038df4e7";

        Assert.Equal(First, Assert.Single(turns.First().Actions).CreateChildWorkflow.InstanceId);
        var pause = Assert.Single(turns.Later([ChildCreated(0, First)], ChildFailed(0, null)).Actions).CreateTimer;
        Assert.Equal("b08e18e3-5410-52f0-8cce-eab7a9a71d42", pause.ChildWorkflowRetry.InstanceId);
        var second = turns.Later([ChildCreated(0, First), TurnStarted(), ChildFailed(0, null), TimerSet(1)], TimerFired(1));
        Assert.Equal("c188efa8-5fa4-53ac-b012-5fc1f143f5e6", Assert.Single(second.Actions).CreateChildWorkflow.InstanceId);
    }

    [Fact]
    public void A_retried_child_with_a_name_keeps_it()
    {
        using var turns = Parent(Named with { RetryPolicy = new WorkflowRetryPolicy(2, TimeSpan.FromSeconds(1)) });

        var pause = Assert.Single(turns.Later([ChildCreated(0, "kid")], ChildFailed(0, null)).Actions).CreateTimer;
        var second = turns.Later([ChildCreated(0, "kid"), TurnStarted(), ChildFailed(0, null), TimerSet(1)], TimerFired(1));

        Assert.Equal("kid", pause.ChildWorkflowRetry.InstanceId);
        Assert.Equal("kid", Assert.Single(second.Actions).CreateChildWorkflow.InstanceId);
    }
}
