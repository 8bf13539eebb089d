using DaprRollouts.Core.Overviews;
using k8s.Models;

namespace DaprRollouts.Kubernetes.Resources;

/// <summary>A pod in one line, in the words of <c>kubectl get pods</c>.</summary>
public static class PodSummary
{
    private const string Completed = "Completed";

    /// <summary>The pod as overviews show it.</summary>
    public static PodOverview Overview(this V1Pod pod)
    {
        var containers = pod.Status?.ContainerStatuses ?? [];
        return new PodOverview
        {
            Name = pod.Metadata.Name,
            ReplicaSet = pod.Metadata.OwnerReferences?.FirstOrDefault(o => o.Controller == true)?.Name,
            Status = StatusOf(pod, containers),
            Created = pod.Metadata.CreationTimestamp is { } created ? new DateTimeOffset(DateTime.SpecifyKind(created, DateTimeKind.Utc)) : default,
            ReadyContainers = containers.Count(c => c.Ready),
            Containers = pod.Spec?.Containers?.Count ?? containers.Count,
            Restarts = containers.Sum(c => c.RestartCount),
        };
    }

    private static string StatusOf(V1Pod pod, IList<V1ContainerStatus> containers) =>
        pod.Metadata.DeletionTimestamp is not null ? "Terminating"
        : Initializing(pod) ?? containers.Select(Trouble).LastOrDefault(t => t is not null)
            ?? (containers.Any(c => c.State?.Terminated is not null) && !containers.Any(c => c.State?.Running is not null) ? Completed : null)
            ?? pod.Status?.Reason ?? pod.Status?.Phase ?? "Unknown";

    private static string? Initializing(V1Pod pod)
    {
        var statuses = pod.Status?.InitContainerStatuses ?? [];
        for (var i = 0; i < statuses.Count; i++)
        {
            if (statuses[i].State?.Terminated is { ExitCode: 0 })
            {
                continue;
            }

            return Trouble(statuses[i]) is { } trouble ? $"Init:{trouble}" : $"Init:{i}/{pod.Spec?.InitContainers?.Count ?? statuses.Count}";
        }

        return null;
    }

    private static string? Trouble(V1ContainerStatus container) => container.State switch
    {
        { Waiting.Reason: { Length: > 0 } reason } when reason != "PodInitializing" => reason,
        { Terminated: { Reason: { Length: > 0 } reason } } when reason != Completed => reason,
        { Terminated: { Signal: > 0 } ended } => $"Signal:{ended.Signal}",
        { Terminated: { ExitCode: > 0 } ended } => $"ExitCode:{ended.ExitCode}",
        _ => null,
    };
}
