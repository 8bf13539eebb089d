using Dapr.Workflow.Abstractions;
using DaprRollouts.Protocol;

namespace Dapr.Workflow.Worker;

/// <summary>The context of one attempt of an activity.</summary>
internal sealed class AttemptContext(ActivityRequest request) : WorkflowActivityContext
{
    public override TaskIdentifier Identifier { get; } = request.Name;

    // Runtimes before 1.16 name no attempt.
    public override string TaskExecutionKey { get; } =
        request.TaskExecutionId.Length > 0 ? request.TaskExecutionId : $"{request.TaskId}";

    public override string InstanceId { get; } = request.WorkflowInstance?.InstanceId ?? "";
}
