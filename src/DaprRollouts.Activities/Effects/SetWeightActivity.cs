using Dapr.Workflow;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Planning.Rules;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities.Effects;

/// <summary>Lets routers share traffic out: brings the objects that they go by to what the planner wants, one after the other.</summary>
public sealed class SetWeightActivity(RolloutTurn turn, RouteWriter writer, StatusPublisher publisher)
    : WorkflowActivity<EffectInput, Report>
{
    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) =>
        turn.TakeAsync<SetWeight>(input.Rollout, CarryOutAsync);

    private async Task CarryOutAsync(SetWeight effect, RolloutScene scene, CancellationToken cancel)
    {
        var rollout = scene.Seen!.Rollout;
        foreach (var change in TrafficRules.Plan(new Facts(scene.Seen, scene.Now)).Changes)
        {
            try
            {
                scene.Wrote(change.Which.Kind.FullName, await writer.WriteAsync(change, cancel));
            }
            catch (KubernetesApiException e) when (e is not ConflictException)
            {
                publisher.Record(rollout.Namespace, rollout.Name, new Notice(Reason.TrafficRoutingError, e.Message, IsWarning: true));
                throw;
            }

            if (change.Notice is { } notice)
            {
                publisher.Record(rollout.Namespace, rollout.Name, notice);
            }

            scene.Tell(effect.Kind, $"{change.Which.Kind.Kind} {change.Which.Name}: {effect.Weight} to {effect.CanaryHash}");
        }
    }
}
