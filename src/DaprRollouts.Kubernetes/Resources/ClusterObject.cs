using DaprRollouts.Core.Model;
using k8s;
using k8s.Models;

namespace DaprRollouts.Kubernetes.Resources;

/// <summary>An object of a kind that is described by our own types.</summary>
public abstract class ClusterObject : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>Members that could not be read and were left out, each with the reason.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyList<string> Unreadable { get; internal set; } = [];

    /// <summary>The first of them that belongs to what is asked for; null if all of that could be read.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string? UnreadableSpec => Unreadable.FirstOrDefault(member => member.StartsWith("spec", StringComparison.Ordinal));
}

/// <summary>A Rollout.</summary>
public sealed class Rollout : ClusterObject
{
    public RolloutSpec? Spec { get; set; }

    public RolloutStatus? Status { get; set; }
}

/// <summary>A ReplicaSet, with its pod template as it was written.</summary>
public sealed class ReplicaSet : ClusterObject
{
    public ReplicaSetSpec? Spec { get; set; }

    public ReplicaSetStatus? Status { get; set; }
}

/// <summary>A workload that lends its pod template to a Rollout.</summary>
public sealed class Workload : ClusterObject
{
    public ReplicaSetSpec? Spec { get; set; }

    /// <summary>The pod template of a PodTemplate, which has no spec.</summary>
    public System.Text.Json.Nodes.JsonObject? Template { get; set; }
}

/// <summary>A run of an analysis.</summary>
public sealed class AnalysisRun : ClusterObject
{
    public AnalysisRunSpec? Spec { get; set; }

    public AnalysisRunStatus? Status { get; set; }
}

/// <summary>What an analysis measures, for the Rollouts of a namespace.</summary>
public sealed class AnalysisTemplate : ClusterObject
{
    public AnalysisTemplateSpec? Spec { get; set; }
}

/// <summary>What an analysis measures, for all namespaces.</summary>
public sealed class ClusterAnalysisTemplate : ClusterObject
{
    public AnalysisTemplateSpec? Spec { get; set; }
}

/// <summary>Sets of pods beside each other for a while, and what is measured meanwhile.</summary>
public sealed class Experiment : ClusterObject
{
    public ExperimentSpec? Spec { get; set; }

    public ExperimentStatus? Status { get; set; }
}
