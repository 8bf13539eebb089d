using static DaprRollouts.Tests.WorkflowSdk.Replay.Happened;

namespace DaprRollouts.Tests.WorkflowSdk.Replay;

public sealed class PatchTests
{
    private static Turns Patched() => Turns.Of(async c =>
    {
        List<bool> answers = [c.IsPatched("one"), c.IsPatched("one"), c.IsPatched("two")];
        await c.CallActivityAsync("A");
        answers.Add(c.IsPatched("three"));
        answers.Add(c.IsPatched("two"));
        return answers;
    });

    [Fact]
    public void New_instances_follow_every_patch_and_tell_so_each_time()
    {
        using var turns = Patched();

        var version = turns.First().Version;

        Assert.Equal(Turns.Workflow, version.Name);
        Assert.Equal(["one", "one", "two"], version.Patches);
    }

    [Fact]
    public void Instances_older_than_a_patch_never_follow_it_where_they_have_passed_it()
    {
        using var turns = Patched();

        var answer = turns.Later([Scheduled(0, "A")], Completed(0));

        Assert.Equal(["done [false,false,false,true,false]"], answer.Told());
        Assert.Equal(["three"], answer.Version.Patches);
    }

    [Fact]
    public void Recorded_patches_are_followed_and_their_case_counts()
    {
        using var turns = Patched();

        var answer = turns.Run([TurnStarted("ONE", "two"), Started(Turns.Workflow), Scheduled(0, "A")], [TurnStarted(), Completed(0)]);

        Assert.Equal(["done [false,false,true,true,true]"], answer.Told());
        Assert.Equal(["two", "three", "two"], answer.Version.Patches);
    }

    [Fact]
    public void Without_a_question_there_is_no_version()
    {
        using var turns = Turns.Of(c => Task.FromResult(1));

        Assert.Null(turns.First().Version);
    }
}
