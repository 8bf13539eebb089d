using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Kubernetes.Resources;

/// <summary>What a ReplicaSet asks for.</summary>
public sealed record ReplicaSetSpec
{
    public int? Replicas { get; init; }

    public int? MinReadySeconds { get; init; }

    public LabelSelector? Selector { get; init; }

    public JsonObject? Template { get; init; }
}

/// <summary>What exists of a ReplicaSet.</summary>
public sealed record ReplicaSetStatus
{
    public int? Replicas { get; init; }

    public int? ReadyReplicas { get; init; }

    public int? AvailableReplicas { get; init; }

    public long? ObservedGeneration { get; init; }

    public IReadOnlyList<ReplicaSetCondition>? Conditions { get; init; }
}

/// <summary>A condition of a ReplicaSet.</summary>
public sealed record ReplicaSetCondition
{
    public string Type { get; init; } = "";

    public string Status { get; init; } = "";

    public string? Reason { get; init; }

    public string? Message { get; init; }
}
