using DaprRollouts.Protocol;

namespace DaprRollouts.Tests.WorkflowSdk.Replay;

/// <summary>Reads answers in the shortest words.</summary>
internal static class Answers
{
    /// <summary>Such as "0 Act", "1 timer", "2 child Kid", "done "x"", "failed boom".</summary>
    public static string[] Told(this WorkflowResponse answer) => [.. answer.Actions.Select(Told)];

    public static CompleteWorkflowAction Ending(this WorkflowResponse answer) => Assert.Single(answer.Actions).CompleteWorkflow;

    private static string Told(WorkflowAction action) => action.WorkflowActionTypeCase switch
    {
        WorkflowAction.WorkflowActionTypeOneofCase.ScheduleTask => $"{action.Id} {action.ScheduleTask.Name}",
        WorkflowAction.WorkflowActionTypeOneofCase.CreateTimer => $"{action.Id} timer",
        WorkflowAction.WorkflowActionTypeOneofCase.CreateChildWorkflow => $"{action.Id} child {action.CreateChildWorkflow.Name}",
        WorkflowAction.WorkflowActionTypeOneofCase.SendEvent => $"{action.Id} send {action.SendEvent.Name}",
        _ => Told(action.CompleteWorkflow),
    };

    private static string Told(CompleteWorkflowAction ending) => ending.WorkflowStatus switch
    {
        OrchestrationStatus.Completed => $"done {ending.Result}",
        OrchestrationStatus.Failed => $"failed {ending.FailureDetails.ErrorMessage}",
        OrchestrationStatus.ContinuedAsNew => $"again {ending.Result}",
        _ => $"{ending.WorkflowStatus} {ending.Result}".TrimEnd(),
    };
}
