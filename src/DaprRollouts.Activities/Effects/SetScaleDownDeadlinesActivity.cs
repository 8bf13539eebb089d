using System.Text.Json.Nodes;
using Dapr.Workflow;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities.Effects;

/// <summary>Says when ReplicaSets may be scaled down.</summary>
public sealed class SetScaleDownDeadlinesActivity(RolloutTurn turn, ReplicaSetWriter writer) : WorkflowActivity<EffectInput, Report>
{
    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) =>
        turn.TakeAsync<SetScaleDownDeadlines>(input.Rollout, CarryOutAsync);

    private async Task CarryOutAsync(SetScaleDownDeadlines effect, RolloutScene scene, CancellationToken cancel)
    {
        foreach (var (name, at) in effect.Deadlines)
        {
            var value = at is { } instant ? ModelJson.Time(instant) : null;
            await writer.PatchAsync(scene, name, new JsonObject { [ArgoNames.ScaleDownDeadline] = value }, null, cancel);
            scene.Tell(effect.Kind, value is null ? $"ReplicaSet {name} stays" : $"ReplicaSet {name} may be scaled down after {value}");
        }
    }
}
