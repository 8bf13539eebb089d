namespace Dapr.Workflow.Worker;

/// <summary>What an engine tells of itself in the headers of its answer to Hello. A Dapr sidecar tells nothing.</summary>
internal static class EngineHeaders
{
    /// <summary>"true" where a workflow may send events to another one.</summary>
    public const string SendsEvents = "workflow-engine-sends-events";
}
