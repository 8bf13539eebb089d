using System.Globalization;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;

namespace DaprRollouts.Cli.Cluster;

/// <summary>The phase that a client shows: the stored one, unless it is of an older spec.</summary>
internal static class ClientView
{
    /// <summary>Phase and message.</summary>
    public static (string Phase, string Message) Of(Rollout rollout)
    {
        var status = rollout.Status ?? new RolloutStatus();
        if (!long.TryParse(status.ObservedGeneration, CultureInfo.InvariantCulture, out var observed))
        {
            return string.IsNullOrEmpty(status.Phase)
                ? (RolloutPhase.Progressing, "waiting for rollout spec update to be observed")
                : (status.Phase, status.Message ?? "");
        }

        return observed < (rollout.Metadata.Generation ?? 0) ? (RolloutPhase.Progressing, "waiting for rollout spec update to be observed")
            : status is { ControllerPause: true, PauseConditions: null or { Count: 0 } }
                ? (RolloutPhase.Progressing, "waiting for rollout to unpause")
            : (string.IsNullOrEmpty(status.Phase) ? RolloutPhase.Progressing : status.Phase, status.Message ?? "");
    }
}
