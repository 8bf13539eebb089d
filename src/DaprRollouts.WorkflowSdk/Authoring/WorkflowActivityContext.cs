using Dapr.Workflow.Abstractions;

namespace Dapr.Workflow;

/// <summary>What an activity knows about the call that it serves.</summary>
public abstract class WorkflowActivityContext
{
    public abstract TaskIdentifier Identifier { get; }

    /// <summary>Stable while one attempt is redelivered; another attempt of a retry has another key.</summary>
    public abstract string TaskExecutionKey { get; }

    public abstract string InstanceId { get; }
}
