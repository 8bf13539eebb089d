namespace Dapr.Workflow;

/// <summary>How much of its history a workflow shows to what it calls.</summary>
public enum HistoryPropagationScope
{
    None,
    OwnHistory,
    Lineage,
}
