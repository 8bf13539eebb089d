using Dapr.Workflow;
using DaprRollouts.Protocol;
using static DaprRollouts.Tests.WorkflowSdk.Replay.Happened;

namespace DaprRollouts.Tests.WorkflowSdk.Replay;

/// <summary>What can go wrong before any workflow code runs, and what the code is given.</summary>
public sealed class PreparationTests
{
    private static string ErrorType(Turns turns, HistoryEvent started) =>
        turns.Run([], [TurnStarted(), started]).Ending().FailureDetails.ErrorType;

    [Fact]
    public void Unknown_names_broken_constructors_and_unreadable_inputs_fail_the_workflow()
    {
        using var turns = Turns.With(options =>
        {
            options.RegisterWorkflow<Broken>();
            options.RegisterWorkflow<int, int>("Number", (_, n) => Task.FromResult(n));
        });

        Assert.Equal("WorkflowNotFound", ErrorType(turns, Started("Unknown")));
        Assert.Equal("WorkflowNameMissing", ErrorType(turns, Started("")));
        Assert.Equal("System.NotSupportedException", ErrorType(turns, Started("Broken")));
        Assert.Equal("System.Text.Json.JsonException", ErrorType(turns, Started("Number", "{bad")));
    }

    [Fact]
    public void Names_are_found_whatever_their_case_and_kept_as_they_were_asked_for()
    {
        using var turns = Turns.With(options => options.RegisterWorkflow<int, string>("Known", (c, n) => Task.FromResult($"{c.Name} {c.InstanceId} {n}")));

        Assert.Equal(["done \"kNOWN abc 41\""], turns.Run([], [TurnStarted(), Started("kNOWN", "\"41\"")]).Told());
    }

    [Fact]
    public void The_first_registration_of_a_name_stays()
    {
        using var turns = Turns.With(options =>
        {
            options.RegisterWorkflow<int?, int>("Twice", (_, _) => Task.FromResult(1));
            options.RegisterWorkflow<int?, int>("twice", (_, _) => Task.FromResult(2));
        });

        Assert.Equal(["done 1"], turns.Run([], [TurnStarted(), Started("Twice")]).Told());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_input_there_is_null_which_a_plain_number_cannot_take(string? input)
    {
        using var turns = Turns.With(options =>
        {
            options.RegisterWorkflow<int?, bool>("Maybe", (_, n) => Task.FromResult(n is null));
            options.RegisterWorkflow<int, int>("Number", (_, n) => Task.FromResult(n));
        });

        Assert.Equal(["done true"], turns.Run([], [TurnStarted(), Started("Maybe", input)]).Told());
        Assert.Equal("System.NullReferenceException", ErrorType(turns, Started("Number", input)));
    }

    [Fact]
    public void No_result_is_an_empty_text_and_no_status_is_none()
    {
        using var turns = Turns.Of(c =>
        {
            c.SetCustomStatus("first");
            c.SetCustomStatus(null);
            return Task.FromResult<string?>(null);
        });

        var answer = turns.First();

        Assert.Equal(["done "], answer.Told());
        Assert.Null(answer.CustomStatus);
    }

    private sealed class Broken : Workflow<int, int>
    {
        public Broken() => throw new NotSupportedException();

        public override Task<int> RunAsync(WorkflowContext context, int input) => Task.FromResult(input);
    }
}
