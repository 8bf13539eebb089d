using DaprRollouts.Protocol;
using DaprRollouts.Workflows;
using DaprRollouts.WorkflowSdk;
using Microsoft.Extensions.DependencyInjection;
using EventKind = DaprRollouts.Protocol.HistoryEvent.EventTypeOneofCase;

namespace DaprRollouts.Tests.WorkflowSdk.Histories;

/// <summary>
/// Histories of real rollouts and analyses. They are never edited: an executor of today takes over what one of yesterday began. A workflow that is changed keeps to them,
/// by a patch or under another name. New ones are taken from the data of an executor:
/// <c>dotnet run --project tests/DaprRollouts.Benchmarks -- export DATA FOLDER</c>.
/// </summary>
public sealed class RolloutHistoryTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddWorkflowDispatcher(WorkflowCatalog.Register).BuildServiceProvider();

    public static IEnumerable<TheoryDataRow<string>> Histories => RecordedHistory.In("rollouts").Select(path => new TheoryDataRow<string>(path));

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(Histories))]
    public void A_history_of_an_earlier_release_replays(string path)
    {
        foreach (var (request, asked) in new RecordedHistory(path).Turns())
        {
            var answer = _services.GetRequiredService<WorkflowDispatcher>().Run(request);

            Assert.Equal(asked.Select(Told), answer.Actions.Select(Told));
        }
    }

    [Fact]
    public void A_history_that_the_workflow_did_not_make_is_refused()
    {
        var (request, _) = new RecordedHistory(Path.Combine("rollouts", "canary-steps.json")).Turns().Last();
        var scheduled = request.PastEvents.Last(e => e.EventTypeCase == EventKind.TaskScheduled);
        scheduled.TaskScheduled.Name = "DeleteEverything";

        var failure = _services.GetRequiredService<WorkflowDispatcher>().Run(request).Actions.Single().CompleteWorkflow.FailureDetails;

        Assert.Equal("NonDeterministicWorkflow", failure.ErrorType);
        Assert.Contains("DeleteEverything", failure.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("Crew.CallAsync", failure.ErrorMessage, StringComparison.Ordinal);
    }

    // What decides whether a history replays. The text of inputs may grow new fields.
    private static string Told(HistoryEvent asked) => asked switch
    {
        { TaskScheduled: { } task } => $"{asked.EventId} {task.Name} {task.TaskExecutionId}",
        { ChildWorkflowInstanceCreated: { } child } => $"{asked.EventId} {child.Name} {child.InstanceId}",
        { TimerCreated: { } timer } => $"{asked.EventId} {timer.FireAt}",
        { ExecutionCompleted: { } ending } => $"{ending.WorkflowStatus} {ending.Result}",
        _ => $"{asked}",
    };

    private static string Told(WorkflowAction asked) => asked switch
    {
        { ScheduleTask: { } task } => $"{asked.Id} {task.Name} {task.TaskExecutionId}",
        { CreateChildWorkflow: { } child } => $"{asked.Id} {child.Name} {child.InstanceId}",
        { CreateTimer: { } timer } => $"{asked.Id} {timer.FireAt}",
        { CompleteWorkflow: { } ending } => $"{ending.WorkflowStatus} {ending.Result}",
        _ => $"{asked}",
    };
}
