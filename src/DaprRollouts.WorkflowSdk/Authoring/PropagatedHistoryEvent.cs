using System.Diagnostics.CodeAnalysis;

namespace Dapr.Workflow;

/// <summary>One workflow instance of a propagated history, with what it has called.</summary>
public sealed class PropagatedHistoryEvent(
    string instanceId,
    string appId,
    string name,
    IReadOnlyList<PropagatedHistoryActivityResult> activities,
    IReadOnlyList<PropagatedHistoryWorkflowResult> childWorkflows)
{
    public string InstanceId { get; } = instanceId;

    public string AppId { get; } = appId;

    public string Name { get; } = name;

    public IReadOnlyList<PropagatedHistoryActivityResult> Activities { get; } = activities;

    public IReadOnlyList<PropagatedHistoryWorkflowResult> Workflows { get; } = childWorkflows;

    public IReadOnlyList<PropagatedHistoryActivityResult> GetActivitiesByName(string name) =>
        [.. Activities.Where(a => string.Equals(a.Name, name, StringComparison.Ordinal))];

    public IReadOnlyList<PropagatedHistoryWorkflowResult> GetWorkflowsByName(string name) =>
        [.. Workflows.Where(w => string.Equals(w.Name, name, StringComparison.Ordinal))];

    public bool TryGetLastActivityByName(string name, [NotNullWhen(true)] out PropagatedHistoryActivityResult? result)
    {
        result = GetActivitiesByName(name).LastOrDefault();
        return result is not null;
    }

    public bool TryGetLastWorkflowByName(string name, [NotNullWhen(true)] out PropagatedHistoryWorkflowResult? result)
    {
        result = GetWorkflowsByName(name).LastOrDefault();
        return result is not null;
    }
}
