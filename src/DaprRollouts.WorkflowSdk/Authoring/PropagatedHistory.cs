using System.Diagnostics.CodeAnalysis;

namespace Dapr.Workflow;

/// <summary>What the callers of this workflow let it see of their own histories.</summary>
public sealed class PropagatedHistory(IReadOnlyList<PropagatedHistoryEvent> events)
{
    public IReadOnlyList<PropagatedHistoryEvent> Events { get; } = events;

    public IReadOnlyList<string> GetAppIds() => [.. Events.Select(e => e.AppId).Distinct(StringComparer.Ordinal)];

    public IReadOnlyList<PropagatedHistoryEvent> GetEventsByWorkflowName(string name) => Where(e => e.Name, name);

    public IReadOnlyList<PropagatedHistoryEvent> GetByAppId(string appId) => Where(e => e.AppId, appId);

    public IReadOnlyList<PropagatedHistoryEvent> GetByInstanceId(string instanceId) => Where(e => e.InstanceId, instanceId);

    public bool TryGetLastWorkflowEventByName(string name, [NotNullWhen(true)] out PropagatedHistoryEvent? result)
    {
        result = GetEventsByWorkflowName(name).LastOrDefault();
        return result is not null;
    }

    private PropagatedHistoryEvent[] Where(Func<PropagatedHistoryEvent, string> property, string value) =>
        [.. Events.Where(e => string.Equals(property(e), value, StringComparison.Ordinal))];
}
