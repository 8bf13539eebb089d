using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Replicas;
using DaprRollouts.Core.Revisions;

namespace DaprRollouts.Core.Planning;

/// <summary>What follows from an observation before anything is decided: who is new, who is stable, where the steps stand.</summary>
public sealed class Facts
{
    /// <summary>Derives the facts.</summary>
    public Facts(Observation seen, DateTimeOffset now)
    {
        Seen = seen;
        Now = now;
        var template = seen.Rollout.Spec.Template;
        var byAge = seen.ReplicaSets.OrderBy(r => r.Created).ThenBy(r => r.Name, StringComparer.Ordinal).ToList();
        var computed = PodTemplateHash.Of(template is null ? null : AntiAffinityTerm.Strip(template), seen.Rollout.Status.CollisionCount);
        New = byAge.FirstOrDefault(r => r.Hash == computed) ?? byAge.FirstOrDefault(r => template is not null && r.IsOf(template));
        Hash = New?.Hash ?? computed;
        Stable = string.IsNullOrEmpty(StableHash) ? null : byAge.FirstOrDefault(r => r.Hash == StableHash);
        Older = byAge.Where(r => r != New).ToList();
        Others = Older.Where(r => r != Stable).ToList();
        var next = Older.Select(r => r.Revision).DefaultIfEmpty(0).Max() + 1;
        Revision = New is null ? next : Math.Max(New.Revision, next);
        StepHash = IsCanary ? StepHashOf(Spec.Strategy!.Canary!.Steps) : "";
    }

    public Observation Seen { get; }

    public DateTimeOffset Now { get; }

    public RolloutView Rollout => Seen.Rollout;

    public RolloutSpec Spec => Seen.Rollout.Spec;

    public RolloutStatus Status => Seen.Rollout.Status;

    /// <summary>The ReplicaSet of the Rollout's template, once there is one.</summary>
    public ReplicaSetView? New { get; }

    /// <summary>The ReplicaSet that counts as good; it may be <see cref="New"/>.</summary>
    public ReplicaSetView? Stable { get; }

    /// <summary>All but new.</summary>
    public IReadOnlyList<ReplicaSetView> Older { get; }

    /// <summary>All but new and stable.</summary>
    public IReadOnlyList<ReplicaSetView> Others { get; }

    /// <summary>The pod template hash of the revision that is wanted.</summary>
    public string Hash { get; }

    /// <summary>The revision that is wanted.</summary>
    public long Revision { get; }

    public string StepHash { get; }

    /// <summary>Desired pods.</summary>
    public int Replicas => Spec.Replicas ?? 1;

    public CanaryStrategy? Canary => Spec.Strategy?.Canary;

    public BlueGreenStrategy? BlueGreen => Spec.Strategy?.BlueGreen;

    public bool IsCanary => Canary is not null;

    /// <summary>Whether a router shares traffic out, so that pods are not the weight.</summary>
    public bool IsRouted => Canary?.TrafficRouting is not null;

    /// <summary>The weight that means all traffic.</summary>
    public int MaxWeight => Canary?.TrafficRouting?.MaxTrafficWeight ?? 100;

    public IReadOnlyList<CanaryStep> Steps => Canary?.Steps ?? [];

    public string StableHash => Status.StableRs ?? "";

    /// <summary>Whether no version has ever been stable: its first deployment knows no steps.</summary>
    public bool IsInitialDeploy => StableHash.Length == 0;

    public bool IsFullyPromoted => StableHash == (Status.CurrentPodHash ?? "");

    /// <summary>
    /// Whether the stable ReplicaSet is not there, as somebody deleted it: no other revision becomes stable by that, and what serves in its place stays.
    /// </summary>
    public bool StableIsLost => !IsInitialDeploy && Stable is null;

    /// <summary>Whether the wanted revision is the stable one.</summary>
    public bool NewIsStable => New is not null && New.Hash == StableHash;

    public bool IsAborted => Status.Abort == true && !IsFullyPromoted && !PromotesFully;

    /// <summary>
    /// Whether an abort has come that is not recorded yet. It is newer than what else the status asks for, a full promotion and the beginning of an update included, unless
    /// that beginning was seen to come later.
    /// </summary>
    public bool IsFreshlyAborted => Status.Abort == true && Status.AbortedAt is null && !Seen.AbortIsOlder;

    /// <summary>Whether the status is still about another template than the Rollout has now.</summary>
    public bool IsUpdateUnrecorded => !string.IsNullOrEmpty(Status.CurrentPodHash) && Status.CurrentPodHash != Hash;

    /// <summary>Whether the wanted revision's ReplicaSet was made for it, and the status does not know it yet.</summary>
    public bool IsNewJustMade =>
        New is { } rs && rs.Hash != Status.CurrentPodHash && rs.Created >= Rollout.Created && !rs.Annotations.ContainsKey(ArgoNames.RevisionHistory);

    public bool PromotesFully => Status.PromoteFull == true && !IsFreshlyAborted;

    public bool IsPausedBySpec => Spec.Paused == true;

    public bool HasPause(string reason) => Status.PauseConditions?.Any(p => p.Reason == reason) == true;

    /// <summary>Whether an analysis or experiment that told nothing holds the update, until somebody decides.</summary>
    public bool IsHeldByAnalysis => HasPause(PauseReason.InconclusiveAnalysisRun) || HasPause(PauseReason.InconclusiveExperiment);

    public bool HasAnyPause => Status.PauseConditions is { Count: > 0 };

    /// <summary>The step to do next; null when all are done, or without steps.</summary>
    public int? StepIndex => Steps.Count == 0 || (Status.CurrentStepIndex ?? 0) >= Steps.Count ? null : Status.CurrentStepIndex ?? 0;

    /// <summary>The step that is done now; none on a first deployment, which passes over all of them.</summary>
    public CanaryStep? Step => !IsInitialDeploy && StepIndex is { } index ? Steps[index] : null;

    public RolloutLimits Limits
    {
        get
        {
            var (surge, unavailable) = Percentage.SurgeAndUnavailable(
                Canary?.MaxSurge, IsCanary ? Canary!.MaxUnavailable : BlueGreen?.MaxUnavailable, Replicas);
            return new RolloutLimits(Replicas, surge, unavailable);
        }
    }

    /// <summary>Whether a rollback may skip analysis, pauses and steps, as it goes back only a few revisions.</summary>
    public bool IsInRollbackWindow
    {
        get
        {
            var window = Spec.RollbackWindow?.Revisions ?? 0;
            if (window <= 0 || New is null || Stable is null || New == Stable || !New.IsOlderThan(Stable))
            {
                return false;
            }

            return Seen.ReplicaSets.Count(r =>
                New.IsOlderThan(r) && r.IsOlderThan(Stable) && !r.Annotations.ContainsKey(ArgoNames.ExperimentName)) < window;
        }
    }

    public ServiceView? Service(string? name) => string.IsNullOrEmpty(name) ? null : Seen.Services.GetValueOrDefault(name);

    public AnalysisRunView? Run(string? name) => string.IsNullOrEmpty(name) ? null : Seen.AnalysisRuns.FirstOrDefault(r => r.Name == name);

    /// <summary>The index that says "all steps done": null without steps.</summary>
    public int? LastIndex => Steps.Count == 0 ? null : Steps.Count;

    /// <summary>
    /// Whether the steps are others than those that the status was written for. A hash by another program (a rollout taken over from
    /// Argo Rollouts) tells nothing and counts as unchanged.
    /// </summary>
    public bool StepsChanged
    {
        get
        {
            var known = Status.CurrentStepHash ?? "";
            return known != StepHash && (known.Length == 0 || known.StartsWith(StepHashVersion, StringComparison.Ordinal));
        }
    }

    private const string StepHashVersion = "v1-";

    private static string StepHashOf(IReadOnlyList<CanaryStep>? steps) =>
        StepHashVersion + PodTemplateHash.OfNode(JsonSerializer.SerializeToNode(steps ?? [], ModelJson.Options) as JsonArray);
}
