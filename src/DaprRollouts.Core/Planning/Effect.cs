using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;

namespace DaprRollouts.Core.Planning;

/// <summary>
/// A change to the cluster, stated as the end that is wanted and never as a difference, so that carrying it out twice changes nothing. Each kind
/// has an activity of the same name.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "effect")]
[JsonDerivedType(typeof(CreateReplicaSet), EffectNames.CreateReplicaSet)]
[JsonDerivedType(typeof(UpdateReplicaSet), EffectNames.UpdateReplicaSet)]
[JsonDerivedType(typeof(PublishRevision), EffectNames.PublishRevision)]
[JsonDerivedType(typeof(ScaleReplicaSets), EffectNames.ScaleReplicaSets)]
[JsonDerivedType(typeof(SetScaleDownDeadlines), EffectNames.SetScaleDownDeadlines)]
[JsonDerivedType(typeof(SwitchServices), EffectNames.SwitchServices)]
[JsonDerivedType(typeof(ReleaseRoutes), EffectNames.ReleaseRoutes)]
[JsonDerivedType(typeof(SetWeight), EffectNames.SetWeight)]
[JsonDerivedType(typeof(StartAnalysis), EffectNames.StartAnalysis)]
[JsonDerivedType(typeof(TerminateAnalysis), EffectNames.TerminateAnalysis)]
[JsonDerivedType(typeof(RestartPods), EffectNames.RestartPods)]
[JsonDerivedType(typeof(AdoptReplicaSets), EffectNames.AdoptReplicaSets)]
[JsonDerivedType(typeof(ReleaseReplicaSets), EffectNames.ReleaseReplicaSets)]
[JsonDerivedType(typeof(CleanUp), EffectNames.CleanUp)]
[JsonDerivedType(typeof(ReleaseServices), EffectNames.ReleaseServices)]
[JsonDerivedType(typeof(ScaleWorkload), EffectNames.ScaleWorkload)]
[JsonDerivedType(typeof(SetPodMetadata), EffectNames.SetPodMetadata)]
[JsonDerivedType(typeof(PublishStatus), EffectNames.PublishStatus)]
public abstract record Effect
{
    private static readonly FrozenDictionary<Type, string> Names = typeof(Effect).GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToFrozenDictionary(kind => kind.DerivedType, kind => (string)kind.TypeDiscriminator!);

    private protected Effect()
    {
    }

    /// <summary>The kind, which is also the name of the activity: one of <see cref="EffectNames"/>.</summary>
    [JsonIgnore]
    public string Kind => Names[GetType()];
}

/// <summary>Make the revision's ReplicaSet, with the pods that it is to have first.</summary>
public sealed record CreateReplicaSet(string Name, string Hash, long Revision, int Replicas = 0) : Effect;

/// <summary>Bring a ReplicaSet's annotations and minReadySeconds up to date; <paramref name="Revision"/> is the one it has from now on.</summary>
public sealed record UpdateReplicaSet(string Name, long Revision) : Effect;

/// <summary>
/// Publish the revision and its workflow on the Rollout, its desired pods if it names none, and the generation of the workload whose template it uses.
/// </summary>
public sealed record PublishRevision(long Revision, string WorkflowId, bool DefaultReplicas, string? WorkloadGeneration = null) : Effect;

/// <summary>Scale ReplicaSets, and say on each how many pods the Rollout had asked for in all.</summary>
public sealed record ScaleReplicaSets(IReadOnlyList<Scale> Targets) : Effect;

/// <summary>A ReplicaSet and the pods that it should have.</summary>
public sealed record Scale(string Name, int Replicas);

/// <summary>Say when ReplicaSets may be scaled down; nothing takes a deadline away.</summary>
public sealed record SetScaleDownDeadlines(IReadOnlyList<ScaleDownDeadline> Deadlines) : Effect;

/// <summary>A ReplicaSet and when it may go.</summary>
public sealed record ScaleDownDeadline(string Name, DateTimeOffset? At);

/// <summary>Let Services select other revisions.</summary>
public sealed record SwitchServices(IReadOnlyList<ServiceSwitch> Switches) : Effect;

/// <summary>A Service and the pod template hash that it should select.</summary>
public sealed record ServiceSwitch(string Service, string Hash);

/// <summary>Let Services that the Rollout no longer names select pods of all revisions again, and belong to nobody.</summary>
public sealed record ReleaseServices(IReadOnlyList<string> Services) : Effect;

/// <summary>Take over ReplicaSets that fit the Rollout and belong to nobody.</summary>
public sealed record AdoptReplicaSets(IReadOnlyList<string> Names) : Effect;

/// <summary>Let go of ReplicaSets that no longer fit the Rollout.</summary>
public sealed record ReleaseReplicaSets(IReadOnlyList<string> Names) : Effect;

/// <summary>Let pods, and the template of those to come, wear the metadata of their role, and no other.</summary>
public sealed record SetPodMetadata(IReadOnlyList<PodMetadataTarget> Targets) : Effect;

/// <summary>A ReplicaSet and what its pods wear.</summary>
public sealed record PodMetadataTarget(string ReplicaSet, Model.PodMetadata Metadata);

/// <summary>Scale the Deployment whose template the Rollout uses.</summary>
public sealed record ScaleWorkload(string Name, int Replicas) : Effect;

/// <summary>Let routing objects to which the Rollout refers no longer send traffic to pods of all revisions again.</summary>
public sealed record ReleaseRoutes(IReadOnlyList<string> Names) : Effect;

/// <summary>Let routers share traffic out.</summary>
/// <param name="Weight">The canary's share.</param>
/// <param name="CanaryHash">The pod template hash of the canary's pods.</param>
public sealed record SetWeight(int Weight, string CanaryHash) : Effect;

/// <summary>Start an analysis.</summary>
/// <param name="Role">Step, Background, PrePromotion or PostPromotion.</param>
/// <param name="Name">The AnalysisRun's name; if another has it, <c>.1</c>, <c>.2</c> and so on are appended.</param>
/// <param name="Step">The index of the step, for a step's analysis.</param>
public sealed record StartAnalysis(string Role, string Name, int? Step) : Effect;

/// <summary>End AnalysisRuns that are no longer wanted.</summary>
public sealed record TerminateAnalysis(IReadOnlyList<string> Names) : Effect;

/// <summary>Evict pods that are older than the restart asked for; without names, look which there are.</summary>
public sealed record RestartPods(IReadOnlyList<string> Pods) : Effect;

/// <summary>Delete what the history limits no longer keep.</summary>
public sealed record CleanUp(IReadOnlyList<string> ReplicaSets, IReadOnlyList<string> AnalysisRuns) : Effect;

/// <summary>Publish the status.</summary>
public sealed record PublishStatus : Effect;
