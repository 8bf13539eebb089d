namespace DaprRollouts.Core.Model;

/// <summary>Labels and annotations that Argo Rollouts defines; its users and tools rely on these words.</summary>
public static class ArgoNames
{
    public const string PodTemplateHash = "rollouts-pod-template-hash";
    public const string Revision = "rollout.argoproj.io/revision";
    public const string RevisionHistory = "rollout.argoproj.io/revision-history";
    public const string DesiredReplicas = "rollout.argoproj.io/desired-replicas";
    public const string WorkloadGeneration = "rollout.argoproj.io/workload-generation";
    public const string EphemeralMetadata = "rollout.argoproj.io/ephemeral-metadata";
    public const string ScaleDownDeadline = "scale-down-deadline";
    public const string ManagedByRollouts = "argo-rollouts.argoproj.io/managed-by-rollouts";
    public const string InstanceId = "argo-rollouts.argoproj.io/controller-instance-id";
    public const string NotificationState = "notified.notifications.argoproj.io";
    public const string RolloutType = "rollout-type";
    public const string StepIndex = "step-index";
    public const string ExperimentName = "experiment.argoproj.io/name";
}

/// <summary>Annotations of this project.</summary>
public static class OwnNames
{
    /// <summary>The workflow in charge of the object.</summary>
    public const string WorkflowId = "dapr-rollouts.io/workflow-id";

    /// <summary>The ephemeral metadata that the live pods of a ReplicaSet wear, as JSON.</summary>
    public const string PodMetadata = "dapr-rollouts.io/pod-metadata";

    /// <summary>Which pushed images the containers follow.</summary>
    public const string ImagePolicy = "dapr-rollouts.io/image-policy";

    /// <summary>On templates and runs: what Argo has no fields for, by the names of metrics.</summary>
    public const string Metrics = "dapr-rollouts.io/metrics";

    /// <summary>In the metadata of a metric's result: how many of its measurements had data.</summary>
    public const string Samples = "dapr-rollouts.io/samples";

    /// <summary>In the metadata of a metric's result: what its comparison has come to.</summary>
    public const string Comparison = "dapr-rollouts.io/comparison";

    /// <summary>In the metadata of a measurement: that there was no data.</summary>
    public const string NoData = "dapr-rollouts.io/no-data";

    /// <summary>In the metadata of a measurement: samples of the canary.</summary>
    public const string CanarySamples = "dapr-rollouts.io/canary";

    /// <summary>In the metadata of a measurement: samples of what it is compared with.</summary>
    public const string BaselineSamples = "dapr-rollouts.io/baseline";

    /// <summary>The last signal: who sent what, when and why, as JSON.</summary>
    public const string Signal = "dapr-rollouts.io/signal";
}
