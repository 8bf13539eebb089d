using Dapr.Workflow;
using DaprRollouts.Core.Planning;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities.Effects;

/// <summary>Lets go of Services that the Rollout names no longer.</summary>
public sealed class ReleaseServicesActivity(RolloutTurn turn, ServiceReleaser releaser) : WorkflowActivity<EffectInput, Report>
{
    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) =>
        turn.TakeAsync<ReleaseServices>(input.Rollout, CarryOutAsync);

    private async Task CarryOutAsync(ReleaseServices effect, RolloutScene scene, CancellationToken cancel)
    {
        foreach (var service in effect.Services)
        {
            scene.Wrote(FloorKinds.Service, await releaser.ReleaseAsync(scene.Key.Namespace, service, cancel));
            scene.Tell(effect.Kind, $"Service {service} is no longer named and selects pods of all revisions again");
        }
    }
}
