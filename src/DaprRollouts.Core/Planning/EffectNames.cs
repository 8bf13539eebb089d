namespace DaprRollouts.Core.Planning;

/// <summary>The kinds of effects, which are the names of their activities. Histories know them: they never change, whatever the types are called.</summary>
public static class EffectNames
{
    public const string AdoptReplicaSets = "AdoptReplicaSets";
    public const string CleanUp = "CleanUp";
    public const string CreateReplicaSet = "CreateReplicaSet";
    public const string PublishRevision = "PublishRevision";
    public const string PublishStatus = "PublishStatus";
    public const string ReleaseReplicaSets = "ReleaseReplicaSets";
    public const string ReleaseRoutes = "ReleaseRoutes";
    public const string ReleaseServices = "ReleaseServices";
    public const string RestartPods = "RestartPods";
    public const string ScaleReplicaSets = "ScaleReplicaSets";
    public const string ScaleWorkload = "ScaleWorkload";
    public const string SetPodMetadata = "SetPodMetadata";
    public const string SetScaleDownDeadlines = "SetScaleDownDeadlines";
    public const string SetWeight = "SetWeight";
    public const string StartAnalysis = "StartAnalysis";
    public const string SwitchServices = "SwitchServices";
    public const string TerminateAnalysis = "TerminateAnalysis";
    public const string UpdateReplicaSet = "UpdateReplicaSet";
}
