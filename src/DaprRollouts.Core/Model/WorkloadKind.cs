namespace DaprRollouts.Core.Model;

/// <summary>A kind of workload that can lend its pod template to a Rollout.</summary>
/// <param name="Group">Its API group; "" for the core one.</param>
/// <param name="Name">Its kind.</param>
/// <param name="Plural">Its name in paths.</param>
public sealed record WorkloadKind(string Group, string Name, string Plural)
{
    /// <summary>All kinds.</summary>
    public static IReadOnlyList<WorkloadKind> All { get; } =
    [
        new("apps", "Deployment", "deployments"),
        new("apps", "ReplicaSet", "replicasets"),
        new("", "PodTemplate", "podtemplates"),
    ];

    /// <summary>The plural with the group, as the API server names it in errors.</summary>
    public string Resource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>The kind that a reference means, whatever the version; null if it cannot be used.</summary>
    public static WorkloadKind? Of(WorkloadRef reference) =>
        All.FirstOrDefault(k => k.Group == GroupOf(reference) && k.Name == reference.Kind);

    /// <summary>Says that a reference cannot be used.</summary>
    public static string Unsupported(WorkloadRef reference) => $"workload of type {GroupOf(reference)}/{reference.Kind} is not supported";

    private static string GroupOf(WorkloadRef reference) =>
        reference.ApiVersion is { } version && version.IndexOf('/') is >= 0 and var slash ? version[..slash] : "";
}
