using Dapr.Workflow.Replay;

namespace DaprRollouts.Tests.WorkflowSdk.Replay;

/// <summary>The values were taken from the official worker; a difference breaks instances that move between the two.</summary>
public sealed class DeterministicGuidTests
{
    private const string Run = "11111111-2222-3333-4444-555555555555";

    [Theory]
    [InlineData("abc", null, "b08e18e3-5410-52f0-8cce-eab7a9a71d42", "0f73c8ad-9afa-5a31-9062-c5a6038df4e7", "c188efa8-5fa4-53ac-b012-5fc1f143f5e6", "3d9525ce-a5ec-52fe-982e-acda9b3ea207")]
    [InlineData("abc", Run, "a98ecd6e-8113-58ae-8ae5-295c79f4f7c9")]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950e", null, "b6fe729f-6253-5b5a-be91-ebf8df402510")]
    public void Ids_are_those_of_the_official_worker(string instance, string? run, params string[] expected)
    {
        var guids = new DeterministicGuids(instance, run);

        Assert.Equal(expected, expected.Select(_ => guids.Next().ToString()));
    }

    [Theory]
    [InlineData(null, 0, "Act", "7d640075cd0658d4b579f4877eeee4a4")]
    [InlineData(null, 6, "AfterGo", "103bf3773f2e5be3a94f9a8cf0e614a9")]
    [InlineData(Run, 0, "Act", "e0409abc7f1b5cf4ac80ad1d69397cf4")]
    public void So_are_the_names_of_attempts(string? run, int taskId, string activity, string expected) =>
        Assert.Equal(expected, new DeterministicGuids("abc", run).TaskExecutionId(taskId, activity));

    [Fact]
    public void A_workflow_gets_the_same_ids_at_every_replay()
    {
        using var turns = Turns.Of(async c =>
        {
            var first = c.NewGuid();
            await c.CallActivityAsync("A");
            return $"{first} {c.NewGuid()}";
        });

        var answer = turns.Later([Happened.Scheduled(0, "A")], Happened.Completed(0));

        Assert.Equal(["done \"b08e18e3-5410-52f0-8cce-eab7a9a71d42 0f73c8ad-9afa-5a31-9062-c5a6038df4e7\""], answer.Told());
    }
}
