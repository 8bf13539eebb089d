using Dapr.Workflow;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities;

/// <summary>Looks at a rollout, publishes what is to be seen of it, and decides.</summary>
public sealed class ObserveActivity(RolloutTurn turn) : WorkflowActivity<RolloutKey, Report>
{
    public override Task<Report> RunAsync(WorkflowActivityContext context, RolloutKey input) => turn.TakeAsync(input);
}
