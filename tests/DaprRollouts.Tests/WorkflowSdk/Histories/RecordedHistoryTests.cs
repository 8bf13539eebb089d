using DaprRollouts.Protocol;
using DaprRollouts.WorkflowSdk;
using Microsoft.Extensions.DependencyInjection;

namespace DaprRollouts.Tests.WorkflowSdk.Histories;

/// <summary>
/// Histories that were recorded on the embedded engine, by this worker and by the official one. They are never
/// edited: an instance in flight has to be able to change from either worker to this one.
/// </summary>
public sealed class RecordedHistoryTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddWorkflowDispatcher(RecordedWorkflows.Register).BuildServiceProvider();

    public static IEnumerable<TheoryDataRow<string>> Histories => RecordedHistory.In("embedded-engine", "official-worker").Select(path => new TheoryDataRow<string>(path));

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(Histories))]
    public void Every_turn_asks_again_for_what_it_asked_then(string path)
    {
        foreach (var (request, asked) in new RecordedHistory(path).Turns())
        {
            var answer = _services.GetRequiredService<WorkflowDispatcher>().Run(request);

            Assert.Equal(asked.Select(Told), answer.Actions.Select(Told));
        }
    }

    [Fact]
    public void Changed_code_does_not_get_through()
    {
        using var changed = new ServiceCollection()
            .AddWorkflowDispatcher(options => options.RegisterWorkflow<string, string>(
                "Order", (context, item) => context.CallActivityAsync<string>("Charge", item)))
            .BuildServiceProvider();
        var (request, _) = new RecordedHistory(Path.Combine("embedded-engine", "order-1.json")).Turns().Last();

        var failure = changed.GetRequiredService<WorkflowDispatcher>().Run(request).Actions.Single().CompleteWorkflow.FailureDetails;

        Assert.Equal("NonDeterministicWorkflow", failure.ErrorType);
        Assert.Contains("activity 'Reserve', the code has #0 a call of activity 'Charge'", failure.ErrorMessage, StringComparison.Ordinal);
    }

    private static string Told(HistoryEvent asked) => asked switch
    {
        { TaskScheduled: { } task } => $"{asked.EventId} {task.Name} {task.Input} {task.TaskExecutionId}",
        { ChildWorkflowInstanceCreated: { } child } => $"{asked.EventId} {child.Name} {child.Input} {child.InstanceId}",
        { TimerCreated: { } timer } => $"{asked.EventId} {timer.FireAt} {timer.ExternalEvent} {timer.ActivityRetry}",
        { ExecutionCompleted: { } ending } => $"{ending.WorkflowStatus} {ending.Result}",
        _ => $"{asked}",
    };

    private static string Told(WorkflowAction asked) => asked switch
    {
        { ScheduleTask: { } task } => $"{asked.Id} {task.Name} {task.Input} {task.TaskExecutionId}",
        { CreateChildWorkflow: { } child } => $"{asked.Id} {child.Name} {child.Input} {child.InstanceId}",
        { CreateTimer: { } timer } => $"{asked.Id} {timer.FireAt} {timer.ExternalEvent} {timer.ActivityRetry}",
        { CompleteWorkflow: { } ending } => $"{ending.WorkflowStatus} {ending.Result}",
        _ => $"{asked}",
    };
}
