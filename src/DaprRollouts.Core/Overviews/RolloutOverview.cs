using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Overviews;

/// <summary>A rollout with all that belongs to it, as people look at it: the command line, the HTTP API and the dashboard show this.</summary>
public sealed record RolloutOverview
{
    public required RolloutSummary Summary { get; init; }

    public required DateTimeOffset Created { get; init; }

    public IReadOnlyList<ImageOverview> Images { get; init; } = [];

    public required ReplicaOverview Replicas { get; init; }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<RevisionOverview> Revisions { get; init; } = [];

    /// <summary>The last signal that came with a sender or a reason.</summary>
    public SignalOverview? LastSignal { get; init; }
}

/// <summary>A rollout in one line.</summary>
public sealed record RolloutSummary
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Canary or BlueGreen; nothing if the manifest has none.</summary>
    public string? Strategy { get; init; }

    /// <summary>Healthy, Progressing, Paused or Degraded.</summary>
    public required string Phase { get; init; }

    public string? Message { get; init; }

    /// <summary>What is awaited, since when, and who can move it.</summary>
    public required string WaitingFor { get; init; }

    /// <summary>When it goes on by itself; nothing if it does not.</summary>
    public DateTimeOffset? WaitingUntil { get; init; }

    /// <summary>The steps done; nothing without steps.</summary>
    public int? StepIndex { get; init; }

    public int? StepCount { get; init; }

    /// <summary>The step that is under way, such as <c>setWeight: 20</c>.</summary>
    public string? Step { get; init; }

    /// <summary>The canary's share as the steps want it, in percent; nothing for other strategies.</summary>
    public int? SetWeight { get; init; }

    /// <summary>The canary's share as it is, in percent; nothing for other strategies.</summary>
    public int? ActualWeight { get; init; }

    public int Ready { get; init; }

    public int Desired { get; init; }

    public int Updated { get; init; }

    public int Available { get; init; }

    /// <summary>The newest revision.</summary>
    public long Revision { get; init; }

    /// <summary>The workflow in charge.</summary>
    public required string Workflow { get; init; }
}

/// <summary>An image and what it is used for: stable, canary, active or preview.</summary>
public sealed record ImageOverview(string Image, IReadOnlyList<string> Roles);

/// <summary>How many pods there are.</summary>
public sealed record ReplicaOverview(int Desired, int Current, int Updated, int Ready, int Available);

/// <summary>Who wanted what, and why.</summary>
public sealed record SignalOverview(string Action, DateTimeOffset At, string? By, string? Reason);

/// <summary>A revision of a rollout.</summary>
public sealed record RevisionOverview
{
    public required long Revision { get; init; }

    public IReadOnlyList<ReplicaSetOverview> ReplicaSets { get; init; } = [];

    public IReadOnlyList<AnalysisOverview> AnalysisRuns { get; init; } = [];
}

/// <summary>A ReplicaSet of a revision.</summary>
public sealed record ReplicaSetOverview
{
    public required string Name { get; init; }

    /// <summary>Healthy, Progressing, Degraded or ScaledDown.</summary>
    public required string Status { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Of stable, canary, active and preview.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    public IReadOnlyList<string> Images { get; init; } = [];

    public int Replicas { get; init; }

    public int Available { get; init; }

    public DateTimeOffset? ScaleDownDeadline { get; init; }

    public IReadOnlyList<PodOverview> Pods { get; init; } = [];
}

/// <summary>A pod.</summary>
public sealed record PodOverview
{
    public required string Name { get; init; }

    /// <summary>The ReplicaSet it belongs to.</summary>
    public string? ReplicaSet { get; init; }

    /// <summary>As kubectl shows it, such as Running or ImagePullBackOff.</summary>
    public required string Status { get; init; }

    public required DateTimeOffset Created { get; init; }

    public int ReadyContainers { get; init; }

    public int Containers { get; init; }

    public int Restarts { get; init; }
}

/// <summary>An AnalysisRun of a revision.</summary>
public sealed record AnalysisOverview
{
    public required string Name { get; init; }

    /// <summary>One of <see cref="AnalysisPhase"/>.</summary>
    public required string Status { get; init; }

    public required DateTimeOffset Created { get; init; }

    public string? Message { get; init; }

    public IReadOnlyList<MetricOverview> Metrics { get; init; } = [];
}

/// <summary>A metric of an analysis: how its measurements came out, and the last of them.</summary>
public sealed record MetricOverview
{
    public required string Name { get; init; }

    public required string Status { get; init; }

    public int Successful { get; init; }

    public int Failed { get; init; }

    public int Inconclusive { get; init; }

    public int Error { get; init; }

    public string? LastValue { get; init; }

    public string? Message { get; init; }
}
