using Dapr.Workflow;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Routing;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities.Effects;

/// <summary>Lets go of routing objects to which the Rollout refers no longer.</summary>
public sealed class ReleaseRoutesActivity(RolloutTurn turn, RouteWriter writer) : WorkflowActivity<EffectInput, Report>
{
    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) =>
        turn.TakeAsync<ReleaseRoutes>(input.Rollout, CarryOutAsync);

    private async Task CarryOutAsync(ReleaseRoutes effect, RolloutScene scene, CancellationToken cancel)
    {
        foreach (var (which, value) in scene.Seen!.StrayRoutes.All)
        {
            scene.Wrote(which.Kind.FullName, await writer.WriteAsync(TrafficRouters.Release(which, value), cancel));
            scene.Tell(effect.Kind, $"{which.Kind.Kind} {which.Name} is no longer referred to and sends traffic to pods of all revisions again");
        }
    }
}
