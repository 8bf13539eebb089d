using Dapr.Workflow;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities.Effects;

/// <summary>Publishes the status.</summary>
public sealed class PublishStatusActivity(RolloutTurn turn) : WorkflowActivity<EffectInput, Report>
{
    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) => turn.TakeAsync(input.Rollout);
}
