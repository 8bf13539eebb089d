namespace DaprRollouts.Core.Model;

/// <summary>Types of conditions.</summary>
public static class ConditionType
{
    public const string InvalidSpec = "InvalidSpec";
    public const string Progressing = "Progressing";
    public const string Paused = "Paused";
    public const string Available = "Available";
    public const string Completed = "Completed";
    public const string Healthy = "Healthy";
    public const string ReplicaFailure = "ReplicaFailure";

    /// <summary>Ours: what the rollout waits for; its reasons are those of <see cref="WaitKind"/>.</summary>
    public const string Waiting = "Waiting";
}

/// <summary>One vocabulary of reasons for conditions and events.</summary>
public static class Reason
{
    public const string InvalidSpec = "InvalidSpec";
    public const string NewReplicaSetCreated = "NewReplicaSetCreated";
    public const string FoundNewReplicaSet = "FoundNewReplicaSet";
    public const string ReplicaSetCreateError = "ReplicaSetCreateError";
    public const string ReplicaSetUpdated = "ReplicaSetUpdated";
    public const string ReplicaSetNotAvailable = "ReplicaSetNotAvailable";
    public const string NewReplicaSetAvailable = "NewReplicaSetAvailable";
    public const string ProgressDeadlineExceeded = "ProgressDeadlineExceeded";
    public const string RolloutAborted = "RolloutAborted";
    public const string RolloutPaused = "RolloutPaused";
    public const string RolloutResumed = "RolloutResumed";
    public const string UnsafeChange = "UnsafeChange";
    public const string TrafficRoutingError = "TrafficRoutingError";
    public const string TrafficWeightUpdated = "TrafficWeightUpdated";
    public const string RolloutRetry = "RolloutRetry";
    public const string Available = "AvailableReason";
    public const string RolloutCompleted = "RolloutCompleted";
    public const string RolloutNotCompleted = "RolloutNotCompleted";
    public const string RolloutHealthy = "RolloutHealthy";
    public const string RolloutAddedToInformer = "RolloutAddedToInformer";
    public const string RolloutUpdated = "RolloutUpdated";
    public const string RolloutStepCompleted = "RolloutStepCompleted";
    public const string ScalingReplicaSet = "ScalingReplicaSet";
    public const string SkipSteps = "SkipSteps";
    public const string SwitchService = "SwitchService";
    public const string RolloutDeleted = "RolloutDeleted";
}

/// <summary>Phases of a Rollout.</summary>
public static class RolloutPhase
{
    public const string Healthy = "Healthy";
    public const string Progressing = "Progressing";
    public const string Paused = "Paused";
    public const string Degraded = "Degraded";
}

/// <summary>Why the controller paused a Rollout.</summary>
public static class PauseReason
{
    public const string CanaryPauseStep = "CanaryPauseStep";
    public const string BlueGreenPause = "BlueGreenPause";
    public const string InconclusiveAnalysisRun = "InconclusiveAnalysisRun";
    public const string InconclusiveExperiment = "InconclusiveExperiment";
}
