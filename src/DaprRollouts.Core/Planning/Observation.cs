using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Planning;

/// <summary>All that a decision about a rollout rests on, as read at one moment.</summary>
public sealed record Observation
{
    public required RolloutView Rollout { get; init; }

    /// <summary>The ReplicaSets that the Rollout owns and that are not being deleted.</summary>
    public IReadOnlyList<ReplicaSetView> ReplicaSets { get; init; } = [];

    /// <summary>The Services that the Rollout names; one that is missing is not in here.</summary>
    public IReadOnlyDictionary<string, ServiceView> Services { get; init; } = new Dictionary<string, ServiceView>();

    /// <summary>The AnalysisRuns that the Rollout owns.</summary>
    public IReadOnlyList<AnalysisRunView> AnalysisRuns { get; init; } = [];

    /// <summary>What is wrong with the templates that the Rollout's analyses name, or nothing: <c>path: Invalid value: ...</c>.</summary>
    public string? AnalysisError { get; init; }

    /// <summary>The Rollout's pods; only read while a restart is asked for.</summary>
    public IReadOnlyList<PodView>? Pods { get; init; }
}

/// <summary>A Rollout as decisions see it.</summary>
public sealed record RolloutView
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string Uid { get; init; }

    public required DateTimeOffset Created { get; init; }

    public long Generation { get; init; }

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public required RolloutSpec Spec { get; init; }

    public required RolloutStatus Status { get; init; }

    /// <summary>Fields of the manifest that could not be read, each with the reason.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];
}

/// <summary>A ReplicaSet as decisions see it.</summary>
public sealed record ReplicaSetView
{
    public required string Name { get; init; }

    public required string Hash { get; init; }

    public required DateTimeOffset Created { get; init; }

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Desired pods.</summary>
    public int Size { get; init; }

    /// <summary>Existing pods.</summary>
    public int Pods { get; init; }

    public int Ready { get; init; }

    public int Available { get; init; }

    public int MinReadySeconds { get; init; }

    /// <summary>Whether its status counts the pods of its latest spec.</summary>
    public bool Observed { get; init; } = true;

    public JsonObject? Template { get; init; }

    /// <summary>Its ReplicaFailure condition, if there is one.</summary>
    public RolloutCondition? Failure { get; init; }

    /// <summary>The revision; 0 if it has none yet.</summary>
    public long Revision => Annotations.TryGetValue(ArgoNames.Revision, out var text) && long.TryParse(text, out var number) ? number : 0;

    /// <summary>When it may be scaled down; nothing if it has no deadline or one that cannot be read.</summary>
    public DateTimeOffset? ScaleDownDeadline =>
        Annotations.TryGetValue(ArgoNames.ScaleDownDeadline, out var text) && DateTimeOffset.TryParse(text, out var instant) ? instant : null;

    /// <summary>Size and available pods.</summary>
    public Replicas.PodCounts Counts => new(Size, Available);
}

/// <summary>A Service as decisions see it.</summary>
public sealed record ServiceView
{
    public required string Name { get; init; }

    public IReadOnlyDictionary<string, string> Selector { get; init; } = new Dictionary<string, string>();

    /// <summary>The Rollout that manages it, if one has taken it over.</summary>
    public string? ManagedBy { get; init; }

    /// <summary>The pod template hash that it selects, or "".</summary>
    public string Hash => Selector.GetValueOrDefault(ArgoNames.PodTemplateHash, "");
}

/// <summary>An AnalysisRun as decisions see it.</summary>
public sealed record AnalysisRunView
{
    public required string Name { get; init; }

    public required DateTimeOffset Created { get; init; }

    public string? Phase { get; init; }

    public string? Message { get; init; }

    public bool Terminating { get; init; }

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>What came of its metrics so far.</summary>
    public IReadOnlyList<MetricResult> Results { get; init; } = [];

    /// <summary>One line on its progress, such as <c>success-rate: 3 of 5 measurements</c>.</summary>
    public string Progress { get; init; } = "";

    public bool IsCompleted => AnalysisPhase.IsCompleted(Phase);
}

/// <summary>A pod as a restart sees it.</summary>
public sealed record PodView
{
    public required string Name { get; init; }

    public required DateTimeOffset Created { get; init; }

    public bool Available { get; init; }

    public bool Deleting { get; init; }
}
