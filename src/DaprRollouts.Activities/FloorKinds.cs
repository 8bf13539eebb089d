namespace DaprRollouts.Activities;

/// <summary>The kinds by which a turn keeps the newest resource version it wrote. They are kept in histories: they never change. Routing objects are known by their full names.</summary>
internal static class FloorKinds
{
    public const string AnalysisRun = "AnalysisRun";
    public const string ReplicaSet = "ReplicaSet";
    public const string Rollout = "Rollout";
    public const string Service = "Service";
    public const string Workload = "Workload";
}
