using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Revisions;
using DaprRollouts.Core.Routing;

namespace DaprRollouts.Core.Planning;

/// <summary>All that a decision about a rollout rests on, as read at one moment.</summary>
public sealed record Observation
{
    public required RolloutView Rollout { get; init; }

    /// <summary>The ReplicaSets that the Rollout owns, that its selector fits and that are not being deleted.</summary>
    public IReadOnlyList<ReplicaSetView> ReplicaSets { get; init; } = [];

    /// <summary>ReplicaSets that nobody owns and that the Rollout's selector fits.</summary>
    public IReadOnlyList<string> Orphans { get; init; } = [];

    /// <summary>ReplicaSets that the Rollout owns and its selector fits no longer, as somebody changed their labels.</summary>
    public IReadOnlyList<string> Misfits { get; init; } = [];

    /// <summary>Services that the Rollout manages and names no longer.</summary>
    public IReadOnlyList<string> StrayServices { get; init; } = [];

    /// <summary>Whether the abort in the status was seen to be there before the pod template: then it was meant for another one.</summary>
    public bool AbortIsOlder { get; init; }

    /// <summary>The workload whose template the Rollout uses, if it refers to one and it was found.</summary>
    public WorkloadView? Workload { get; init; }

    /// <summary>Why the workload that the Rollout refers to cannot be used, or nothing.</summary>
    public string? WorkloadError { get; init; }

    /// <summary>The Services that the Rollout names; one that is missing is not in here.</summary>
    public IReadOnlyDictionary<string, ServiceView> Services { get; init; } = new Dictionary<string, ServiceView>();

    /// <summary>The AnalysisRuns that the Rollout owns.</summary>
    public IReadOnlyList<AnalysisRunView> AnalysisRuns { get; init; } = [];

    /// <summary>Why the API server refused the Rollout's pod template, or nothing: <c>path: Required value: ...</c>.</summary>
    public string? TemplateError { get; init; }

    /// <summary>What is wrong with the templates that the Rollout's analyses name, or nothing: <c>path: Invalid value: ...</c>.</summary>
    public string? AnalysisError { get; init; }

    /// <summary>The objects by which traffic is routed, as far as the Rollout refers to them.</summary>
    public RouteObjects Routes { get; init; } = RouteObjects.None;

    /// <summary>Routing objects that the Rollout once changed to tell its pods apart, and to which it refers no longer.</summary>
    public RouteObjects StrayRoutes { get; init; } = RouteObjects.None;

    /// <summary>The Rollout's pods, if they were looked at since its ReplicaSets last changed; only read while a restart is under way.</summary>
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

    /// <summary>Whether its status counts the pods of its latest spec. If not, some of those that it counts as available may be gone by then.</summary>
    public bool Observed { get; init; } = true;

    public JsonObject? Template { get; init; }

    /// <summary>Its ReplicaFailure condition, if there is one.</summary>
    public RolloutCondition? Failure { get; init; }

    /// <summary>The revision; 0 if it has none yet.</summary>
    public long Revision => Annotations.TryGetValue(ArgoNames.Revision, out var text) && long.TryParse(text, out var number) ? number : 0;

    /// <summary>The first of the revisions that it has been.</summary>
    public long FirstRevision =>
        Annotations.TryGetValue(ArgoNames.RevisionHistory, out var earlier) && long.TryParse(earlier.Split(',')[0], out var first) && first > 0 ? first : Revision;

    /// <summary>Whether it was made before another one. Kubernetes' times are whole seconds: of one second, the lower revision came first.</summary>
    public bool IsOlderThan(ReplicaSetView other) =>
        Created != other.Created ? Created < other.Created : FirstRevision < other.FirstRevision;

    /// <summary>Whether it was last sized for a Rollout of so many pods in all; so it counts also without pods, or where it does not say.</summary>
    public bool IsOneOf(int replicas) => Size == 0 || !Annotations.TryGetValue(ArgoNames.DesiredReplicas, out var text) || text == $"{replicas}";

    /// <summary>Whether it was made of a Rollout's pod template, whoever made it.</summary>
    public bool IsOf(JsonObject template) => Template is not null
        && TemplateEquality.Same(
            AntiAffinityTerm.Strip(EphemeralMetadata.Strip(Template, EphemeralMetadata.Read(Annotations, ArgoNames.EphemeralMetadata), template)), AntiAffinityTerm.Strip(template));

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

/// <summary>A workload that lends its pod template to a Rollout, as decisions see it.</summary>
/// <param name="Kind">Deployment, ReplicaSet or PodTemplate.</param>
/// <param name="Name">Its name.</param>
/// <param name="Generation">The version of its spec.</param>
/// <param name="Replicas">Its desired pods; nothing for a PodTemplate.</param>
public sealed record WorkloadView(string Kind, string Name, long Generation, int? Replicas);

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

    /// <summary>The name of the ReplicaSet that owns it.</summary>
    public required string ReplicaSet { get; init; }

    public bool Available { get; init; }

    public bool Deleting { get; init; }

    /// <summary>Until when its eviction is not to be tried again, as a disruption budget forbade it.</summary>
    public DateTimeOffset? RefusedUntil { get; init; }
}
