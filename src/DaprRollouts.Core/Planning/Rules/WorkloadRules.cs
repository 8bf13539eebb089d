using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Planning.Rules;

/// <summary>
/// The Deployment that lends its pod template: how its own pods go while the Rollout's come. Only for the first revision; after that the Deployment is left alone, as
/// whoever scales it up again means it.
/// </summary>
public static class WorkloadRules
{
    private const string OnSuccess = "onsuccess";
    private const string Progressively = "progressively";

    public static Outcome? ScaleDown(Facts facts)
    {
        if (facts.Seen.Workload is not { Kind: "Deployment", Replicas: { } replicas } workload || facts.Revision != 1)
        {
            return null;
        }

        int? wanted = facts.Spec.WorkloadRef?.ScaleDown switch
        {
            OnSuccess or Progressively when IsDone(facts) => 0,
            Progressively when facts.Status.ReadyReplicas is > 0 and var ready => Math.Max(0, facts.Replicas - ready),
            _ => null,
        };
        return wanted is null || wanted == replicas ? null : new Act(new ScaleWorkload(workload.Name, wanted.Value));
    }

    private static bool IsDone(Facts facts) => facts.Status.Phase == RolloutPhase.Healthy && facts.IsFullyPromoted && !facts.IsInitialDeploy;
}
